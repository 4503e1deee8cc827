import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cases } from '../../../lib/aws/dynamodb/readers/cases.ts';
import { fences } from '../../../lib/aws/dynamodb/readers/fences.ts';
import { operatorRows } from '../../../lib/aws/dynamodb/readers/operator-rows.ts';
import { registry } from '../../../lib/aws/dynamodb/readers/registry.ts';
import { partnerId } from '../../../lib/domain/ids.ts';
import { registerPartner } from '../../../lib/flows/operate/register.ts';
import { fresh, startTables, tables, type World } from '../../aws/world.ts';
import { partnerOf } from '../../domain/objects.ts';

let world: World;
beforeAll(async () => {
  world = await startTables();
});
afterAll(() => world.close());

const rows = () => registry(world.client, tables.registry);
const register = (partner: Parameters<typeof partnerOf>[0]) =>
  registerPartner(partnerOf(partner), 'alice', {
    ...rows(),
    ...cases(world.client, tables.cases),
    ...fences(world.client, tables.fences),
    ...operatorRows(world.client, tables.cases),
    commit: world.commit,
    send: async () => {},
    now: () => world.clock.now(),
    newId: () => fresh('id'),
    log: { info: () => {}, warn: () => {}, error: () => {} },
    whyUnreachable: () => undefined,
    regimes: ['default', 'cdr'],
  });

describe('a partner', () => {
  it('is registered under a regime of the setting, and changes it with the next revision', async () => {
    const id = partnerId(fresh('partner'));
    expect(await register({ id, regime: 'cdr' })).toMatchObject({ kind: 'registered' });
    expect(await rows().partners.find(id)).toMatchObject({ regime: 'cdr' });
    expect(await register({ id, revision: 2 })).toMatchObject({ kind: 'registered' });
    expect(await rows().partners.find(id)).not.toHaveProperty('regime');
  });

  it('is refused under any other regime, and the answer lists the regimes', async () => {
    const id = partnerId(fresh('partner'));
    expect(await register({ id, regime: 'psd9' })).toEqual({
      kind: 'refused',
      code: 'regime-unknown',
      reason:
        'partner.regime: there is no regime psd9: use one of default, cdr, or add it to the setting targets and deploy',
    });
    expect(await rows().partners.find(id)).toBeUndefined();
  });
});
