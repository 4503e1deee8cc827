import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cases } from '../../../lib/aws/dynamodb/readers/cases.ts';
import { fences } from '../../../lib/aws/dynamodb/readers/fences.ts';
import { registry } from '../../../lib/aws/dynamodb/readers/registry.ts';
import { newId } from '../../../lib/aws/lambda/runtime.ts';
import { authorityId, credentialId, partnerId } from '../../../lib/domain/ids.ts';
import type { Write } from '../../../lib/domain/transaction/write.ts';
import { type TakeSignal, takeSignal } from '../../../lib/flows/intake/take-signal.ts';
import { fresh, startTables, tables, type World } from '../../aws/world.ts';
import { caseOf, fenceOf, partnerOf } from '../../domain/objects.ts';
import { bodyOf, hearing } from '../envelopes.ts';

/** P2, P4: fences that rise, and registrations that change, while a signal is taken. */
describe('takeSignal', () => {
  let world: World;
  beforeAll(async () => {
    world = await startTables();
  });
  afterAll(() => world.close());

  const depsWith = (commit: TakeSignal['commit']): TakeSignal => ({
    ...hearing,
    ...registry(world.client, tables.registry),
    ...cases(world.client, tables.cases),
    ...fences(world.client, tables.fences),
    commit,
    send: async () => {},
    now: () => world.clock.now(),
    newId,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    measure: () => {},
    wakePlanner: async () => {},
    sendRejected: async () => {},
  });

  /** A partner that was cut off in its first registration, and is registered in this one. */
  async function cutOffPartner(revision: number) {
    const id = partnerId(fresh('partner'));
    const subject = { type: 'partner', id } as const;
    const opened = caseOf({ kind: 'emergency-ordered', subject, state: 'closed', cursors: 0 });
    const root = { kind: 'partner', id } as const;
    await world.given({ kind: 'register-partner', partner: partnerOf({ id, revision }), from: null });
    await world.given(
      { kind: 'raise-fence', fence: fenceOf({ subject, generation: 1, case: opened.id }), from: null },
      { kind: 'open-case', case: opened, root, dueAt: new Date(0).toISOString() },
    );
    return id;
  }

  const issued = (partner: string, id: string) =>
    bodyOf(
      {
        version: 1,
        id: fresh('event'),
        occurredAt: '2026-01-31T09:30:00Z',
        credential: { authority: 'bank', id, kind: 'refresh_token', partner },
      },
      { 'detail-type': 'Credential Issued' },
    );

  const stateOf = async (id: string) =>
    (
      await registry(world.client, tables.registry).credentials.find({
        authority: authorityId('bank'),
        id: credentialId(id),
      })
    )?.state;

  it('condemns a credential that a cut-off partner announces, in a follow-up case', async () => {
    const partner = await cutOffPartner(1);
    const id = fresh('rt');
    expect(await takeSignal(issued(partner, id), depsWith(world.commit))).toEqual({
      kind: 'recorded',
      case: `emergency-ordered/${partner}/1/2`,
    });
    expect(await stateOf(id)).toBe('condemned');
  });

  it('joins the follow-up case that another writer opens at that moment', async () => {
    const partner = await cutOffPartner(1);
    const id = fresh('rt');
    const subject = { type: 'partner', id: partner } as const;
    const second = caseOf({ kind: 'emergency-ordered', subject, round: 2 });
    const root = { kind: 'credential', authority: 'bank', id: 'other' } as const;
    let commits = 0;
    const commit: TakeSignal['commit'] = async (writes) => {
      commits += 1;
      // after the read that found the first case closed and no follow-up
      if (commits === 2)
        await world.given({ kind: 'open-case', case: second, root, dueAt: new Date(0).toISOString() });
      return world.commit(writes);
    };
    expect(await takeSignal(issued(partner, id), depsWith(commit))).toEqual({
      kind: 'recorded',
      case: second.id,
    });
    expect(commits).toBe(3);
    expect((await cases(world.client, tables.cases).cases.find(second.id))?.cursors).toBe(2);
  });

  it('accepts a credential of a readmitted partner, also if the partner is registered again at that moment', async () => {
    const partner = await cutOffPartner(2);
    const id = fresh('rt');
    const next = partnerOf({ id: partner, revision: 3 });
    const anew: Write = { kind: 'register-partner', partner: next, from: 2 };
    let commits = 0;
    const commit: TakeSignal['commit'] = async (writes) => {
      commits += 1;
      // after the read, before the commit that depends on it
      if (commits === 2) await world.given(anew);
      return world.commit(writes);
    };
    expect(await takeSignal(issued(partner, id), depsWith(commit))).toEqual({ kind: 'recorded' });
    expect(commits).toBe(3);
    expect(await stateOf(id)).toBe('live');
  });

  it('condemns a credential that arrives while the fence rises', async () => {
    const id = fresh('rt');
    const partner = partnerId(fresh('partner'));
    const subject = { type: 'partner', id: partner } as const;
    const opened = caseOf({ kind: 'emergency-ordered', subject });
    await world.given({ kind: 'register-partner', partner: partnerOf({ id: partner }), from: null });
    let commits = 0;
    const commit: TakeSignal['commit'] = async (writes) => {
      commits += 1;
      if (commits === 1)
        await world.given(
          { kind: 'raise-fence', fence: fenceOf({ subject, generation: 1, case: opened.id }), from: null },
          {
            kind: 'open-case',
            case: opened,
            root: { kind: 'partner', id: partner },
            dueAt: new Date(0).toISOString(),
          },
        );
      return world.commit(writes);
    };
    expect(await takeSignal(issued(partner, id), depsWith(commit))).toEqual({
      kind: 'recorded',
      case: opened.id,
    });
    expect(await stateOf(id)).toBe('condemned');
  });
});
