import { describe, expect, it } from 'vitest';
import { decideRetirement } from '../../../../lib/domain/decisions/rotation/retire.ts';
import {
  decideAbandonment,
  decideBegin,
  decideCreated,
  decideLook,
  decidePromotion,
  decideRest,
  decideStep,
  type Rotating,
  type RotationStamp,
} from '../../../../lib/domain/decisions/rotation/rotate.ts';
import { authorityId, clientId, credentialId, partnerId } from '../../../../lib/domain/ids.ts';
import { rotationLookMs } from '../../../../lib/domain/limits.ts';
import type { Client } from '../../../../lib/domain/rotation/client.ts';
import {
  type Rotation,
  rotationTransitions,
  type RotationState,
} from '../../../../lib/domain/rotation/rotation.ts';
import type { Write } from '../../../../lib/domain/transaction/write.ts';
import { credentialOf, entryOf, fenceOf, now, only, rfc3339, stampOf } from '../../objects.ts';

const daySeconds = 86_400;
const client: Client = {
  id: clientId('fintech-bank'),
  revision: 1,
  partner: partnerId('fintech'),
  authority: authorityId('bank'),
  strategy: 'private-key-jwt',
  clientId: 'fintech-at-bank',
  registrationUri: 'https://bank.example/reg/fintech-at-bank',
  keyId: credentialId('old'),
  overlapSeconds: 3600,
  everySeconds: 30 * daySeconds,
};
const stamp = (): RotationStamp => ({ ...stampOf(), later: (ms) => rfc3339(now + ms) });
const [old, fresh] = [credentialId('old'), credentialId('new')];
const partner = { revision: 1, fence: undefined };

const at = (state: RotationState, over: Partial<Rotation> = {}): Rotating => ({
  client,
  rotation: { client: client.id, number: 4, state, current: old, dueAt: 'whenever', ...over },
});
const oldKey = (state: 'live' | 'condemned' | 'dead' = 'live') =>
  credentialOf({ id: old, kind: 'signing_key', consent: undefined, client: client.id, state, round: 1 });

/** The one move of a transaction. */
function moveOf(writes: readonly Write[]) {
  const [move, ...more] = only(writes, 'move-rotation');
  if (!move || more.length > 0) throw new Error('one move was promised');
  return move;
}
const kinds = (writes: readonly Write[]) => writes.map(({ kind }) => kind);

describe('a rotation', () => {
  it('begins as an intent with a number of its own, unless the partner is cut off', () => {
    const writes = decideBegin(at('resting'), partner, stamp());
    expect(moveOf(writes)).toEqual({
      kind: 'move-rotation',
      from: { state: 'resting', number: 4 },
      to: {
        client: client.id,
        number: 5,
        state: 'begun',
        current: old,
        dueAt: rfc3339(now + rotationLookMs),
      },
    });
    expect(only(writes, 'require-no-fence')).toMatchObject([
      { subject: { type: 'partner', id: 'fintech' }, generation: 0 },
    ]);
    expect(entryOf(writes)).toMatchObject({
      kind: 'rotating',
      subject: 'client/fintech-bank',
      facts: { client: 'fintech-bank', number: 5, step: 'begun' },
      changes: [{ item: 'rotation/fintech-bank', from: 'resting', to: 'begun' }],
    });
  });

  it('goes on for a partner that was let in again, below the revision that let it in', () => {
    const fence = fenceOf({ subject: { type: 'partner', id: client.partner }, generation: 1 });
    const writes = decideBegin(at('resting'), { revision: 2, fence }, stamp());
    expect(only(writes, 'require-no-fence')).toMatchObject([{ generation: 2 }]);
    expect(only(writes, 'require-partner')).toMatchObject([{ revision: 2 }]);
  });

  it('enters the new key into the inventory in the transaction that names it, unless the partner is cut off', () => {
    const writes = decideCreated(at('begun'), fresh, partner, stamp());
    expect(moveOf(writes).to).toMatchObject({ state: 'created', current: old, other: fresh });
    expect(only(writes, 'add-credential')).toEqual([
      {
        kind: 'add-credential',
        credential: {
          authority: 'bank',
          id: fresh,
          kind: 'signing_key',
          partner: 'fintech',
          client: client.id,
          replaces: { authority: 'bank', id: old },
          state: 'live',
          round: 1,
        },
      },
    ]);
    expect(only(writes, 'require-no-fence')).toHaveLength(1);
    expect(only(writes, 'queue-event')).toMatchObject([{ event: { type: 'Credential Issued' } }]);
    expect(entryOf(writes)).toMatchObject({ kind: 'issued', facts: { number: 4, key: fresh } });
  });

  it.each([
    ['created', 'published'],
    ['published', 'tested'],
  ] as const)('notes that a key which was %s is %s', (from, to) => {
    const writes = decideStep(at(from, { other: fresh }), to, stamp());
    expect(kinds(writes)).toEqual(['move-rotation', 'append-entry']);
    expect(moveOf(writes).to).toMatchObject({ state: to, current: old, other: fresh });
    expect(entryOf(writes)).toMatchObject({ kind: 'rotating', facts: { step: to, key: fresh } });
  });

  it('swaps the keys at the promotion, and leaves the old one its overlap', () => {
    const writes = decidePromotion(at('tested', { other: fresh }), stamp());
    expect(moveOf(writes).to).toMatchObject({
      state: 'overlap',
      current: fresh,
      other: old,
      dueAt: rfc3339(now + 3_600_000),
    });
    expect(only(writes, 'queue-event')).toMatchObject([
      { event: { type: 'Secret Rotated', detail: { key: fresh, previous: old, client: client.id } } },
    ]);
    expect(entryOf(writes)).toMatchObject({ kind: 'rotated', facts: { key: fresh, previous: old } });
  });

  it('makes the old key an obligation of a case of its own', () => {
    const found = at('overlap', { current: fresh, other: old });
    const { case: opened, writes } = decideRetirement(
      found,
      { credential: oldKey(), covered: true },
      stamp(),
    );
    expect(opened).toMatchObject({ id: 'secret-retired/bank:old/1/1', state: 'working', cursors: 0 });
    expect(kinds(writes)).toEqual([
      'move-rotation',
      'move-credential',
      'open-case',
      'open-obligation',
      'add-tally',
      'queue-event',
      'queue-event',
      'append-entry',
    ]);
    expect(only(writes, 'open-obligation')).toMatchObject([{ obligation: { id: old, client: client.id } }]);
    expect(only(writes, 'queue-event').map(({ event }) => event.type)).toEqual([
      'Case Opened',
      'Secret Retired',
    ]);
    expect(entryOf(writes)).toMatchObject({ kind: 'retired', case: opened.id });
  });

  it.each(['condemned', 'dead'] as const)(
    'retires a key that is %s already, and moves it nowhere',
    (state) => {
      const found = at('overlap', { current: fresh, other: old });
      const { writes } = decideRetirement(found, { credential: oldKey(state), covered: false }, stamp());
      expect(only(writes, 'move-credential')).toEqual([]);
      expect(only(writes, 'add-tally')).toMatchObject([{ tally: { planned: 1, open: 1, uncovered: 1 } }]);
    },
  );

  it('rests until the next one is due, and forgets the key that is dead', () => {
    const writes = decideRest(at('retiring', { current: fresh, other: old }), stamp());
    expect(moveOf(writes).to).toEqual({
      client: client.id,
      number: 4,
      state: 'resting',
      current: fresh,
      dueAt: rfc3339(now + 30 * daySeconds * 1000),
    });
  });

  it.each(['begun', 'created', 'published', 'tested'] as const)('is abandoned where it was %s', (state) => {
    const writes = decideAbandonment(at(state, { other: fresh }), stamp());
    expect(moveOf(writes).to).toMatchObject({ state: 'resting', current: old });
    expect(moveOf(writes).to).not.toHaveProperty('other');
    expect(entryOf(writes)).toMatchObject({ kind: 'rotating', facts: { step: 'abandoned', was: state } });
  });

  it('that is only looked at changes nothing that the ledger knows', () => {
    const writes = decideLook(at('created', { other: fresh }), stamp());
    expect(kinds(writes)).toEqual(['move-rotation']);
    expect(moveOf(writes)).toMatchObject({
      from: { state: 'created' },
      to: { state: 'created', other: fresh },
    });
  });
});

/** Every decision that moves, and the state that it leads to. */
const decisions: Readonly<Record<string, (found: Rotating) => readonly Write[]>> = {
  begin: (found) => decideBegin(found, partner, stamp()),
  created: (found) => decideCreated(found, fresh, partner, stamp()),
  published: (found) => decideStep(found, 'published', stamp()),
  tested: (found) => decideStep(found, 'tested', stamp()),
  promotion: (found) => decidePromotion(found, stamp()),
  retirement: (found) => decideRetirement(found, { credential: oldKey(), covered: true }, stamp()).writes,
  abandonment: (found) => decideAbandonment(found, stamp()),
  rest: (found) => decideRest(found, stamp()),
};

/** The states that each may start from. */
const starts: Readonly<Record<string, readonly RotationState[]>> = {
  begin: ['resting'],
  created: ['begun'],
  published: ['created'],
  tested: ['published'],
  promotion: ['tested'],
  retirement: ['overlap'],
  abandonment: ['begun', 'created', 'published', 'tested'],
  rest: ['retiring'],
};

/** Undefined: it throws, as a move that the table does not have. */
function attempt<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch (error) {
    if (String(error).includes('cannot become')) return undefined;
    throw error;
  }
}

describe('P11', () => {
  const states = Object.keys(rotationTransitions) as RotationState[];

  it.each(Object.keys(decisions))('%s moves along the table, and throws from every other state', (name) => {
    const moves = states.flatMap((from) => {
      const to = attempt(() => moveOf(decisions[name]?.(at(from, { other: fresh })) ?? []).to.state);
      return to === undefined ? [] : [{ from, to }];
    });
    expect(moves.map(({ from }) => from)).toEqual(starts[name]);
    const allowed = moves.filter(({ from, to }) =>
      (rotationTransitions[from] as readonly RotationState[]).includes(to),
    );
    expect(allowed).toEqual(moves);
  });

  it('never has a third live key: one is made only where the rotation began from rest', () => {
    const makers = states.filter((state) => {
      const writes = attempt(() => decideCreated(at(state), fresh, partner, stamp())) ?? [];
      return only(writes, 'add-credential').length > 0;
    });
    expect(makers).toEqual(['begun']);
    const before = states.filter((state) =>
      (rotationTransitions[state] as readonly string[]).includes('begun'),
    );
    expect(before).toEqual(['resting']);
  });

  it('condemns no key but the old one, and that only after the promotion', () => {
    for (const [name, decide] of Object.entries(decisions))
      for (const state of states) {
        const writes = attempt(() => decide(at(state, { other: fresh })));
        if (!writes) continue;
        const condemned = only(writes, 'move-credential').map(({ credential }) => credential.id);
        expect([name, state, condemned]).toEqual([name, state, name === 'retirement' ? [old] : []]);
      }
  });
});
