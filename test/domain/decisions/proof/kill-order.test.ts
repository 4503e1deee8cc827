import { describe, expect, it } from 'vitest';
import { inKillOrder } from '../../../../lib/domain/decisions/proof/kill-order.ts';
import { credentialKinds } from '../../../../lib/domain/inventory/credential.ts';

const some = credentialKinds.map((kind) => ({ credential: { kind } }));

describe('inKillOrder (P2)', () => {
  it('gives every kind a turn, once', () => {
    const given = inKillOrder(some).flat();
    expect(new Set(given)).toEqual(new Set(some));
    expect(given).toHaveLength(some.length);
  });

  it('revokes refresh tokens before access tokens, and the keys of clients last', () => {
    const turns = inKillOrder(some.toReversed()).map((turn) => turn.map(({ credential }) => credential.kind));
    expect(turns).toEqual([
      ['refresh_token'],
      ['access_token'],
      ['grant'],
      ['webhook', 'api_key'],
      ['signing_key', 'client_secret'],
    ]);
  });

  it('keeps the order within a turn, and gives no empty turn', () => {
    const one = { credential: { kind: 'refresh_token' } } as const;
    const other = { credential: { kind: 'refresh_token' } } as const;
    expect(inKillOrder([one, other])).toEqual([[one, other]]);
    expect(inKillOrder([])).toEqual([]);
  });
});
