import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cases } from '../../../lib/aws/dynamodb/readers/cases.ts';
import { ledgerReads } from '../../../lib/aws/dynamodb/readers/ledger.ts';
import { obligationRow } from '../../../lib/aws/dynamodb/readers/obligation-row.ts';
import { registry } from '../../../lib/aws/dynamodb/readers/registry.ts';
import { newId } from '../../../lib/aws/lambda/runtime.ts';
import { collateralNamesMax } from '../../../lib/domain/decisions/operate/approve.ts';
import { consentId, credentialId, type CredentialRef, grantId } from '../../../lib/domain/ids.ts';
import { type Obligation, shardOf } from '../../../lib/domain/case/obligation.ts';
import type { Write } from '../../../lib/domain/transaction/write.ts';
import { type Approve, approveCollateral } from '../../../lib/flows/operate/approve.ts';
import { allDue } from '../../aws/all-due.ts';
import { freshCase, opened } from '../../aws/rows.ts';
import { fresh, startTables, tables, type World } from '../../aws/world.ts';
import { credentialOf, now, obligationOf, rfc3339 } from '../../domain/objects.ts';

const blocked = 'refused/alive revocation:collateral introspection:active';
const alice = 'arn:aws:iam::111122223333:user/alice';

let world: World;
let deps: Approve;
beforeAll(async () => {
  world = await startTables();
  deps = {
    ...cases(world.client, tables.cases),
    ...registry(world.client, tables.registry),
    ...obligationRow(world.client, tables.cases),
    commit: world.commit,
    send: async () => {},
    now: () => now,
    newId,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  };
});
afterAll(() => world.close());

/** A case of three shards with an obligation for one token; others live on its grant. */
async function given(over: Partial<Obligation> = {}, others = 1) {
  const of = freshCase({ state: 'working', cursors: 0, shards: 3 });
  const grant = grantId(fresh('grant'));
  const consent = { id: consentId(of.subject.id), generation: 1 };
  const owed = credentialOf({ id: credentialId(fresh('rt')), consent, grant, state: 'condemned' });
  const neighbour = (name: string, state: 'live' | 'dead' = 'live'): Write => ({
    kind: 'add-credential',
    credential: credentialOf({
      id: credentialId(fresh(name)),
      consent: { id: consentId('another'), generation: 1 },
      grant,
      state,
    }),
  });
  const obligation = obligationOf({
    case: of.id,
    id: owed.id,
    shard: shardOf(owed, of.shards),
    attempts: 3,
    last: blocked,
    dueAt: rfc3339(now + 3_000_000),
    ...over,
  });
  await world.given(
    opened(of),
    { kind: 'add-credential', credential: owed },
    { kind: 'open-obligation', obligation },
  );
  await world.given(neighbour('gone', 'dead'));
  for (let made = 0; made < others; made += 1) await world.given(neighbour('rt-of-another'));
  return { of, obligation, owed };
}

const approve = (of: { readonly id: Obligation['case'] }, credential: CredentialRef, from: Approve = deps) =>
  approveCollateral(
    {
      command: 'approve',
      case: of.id,
      credential: { authority: credential.authority, id: credential.id },
      reason: 'both may go',
    },
    alice,
    from,
  );

const entriesOf = async (id: Obligation['case']): Promise<readonly unknown[]> => {
  const { entries } = await ledgerReads(world.client, tables.ledger).entriesOf(`case/${id}`, { limit: 100 });
  return entries.map(({ body }) => JSON.parse(body) as unknown);
};

describe('accepted collateral', () => {
  it('makes the obligation due now, keeps its attempts, and names in one entry what ends with the token', async () => {
    const { of, obligation, owed } = await given({}, 2);
    const answer = await approve(of, owed);
    expect(answer).toMatchObject({ kind: 'approved', case: of.id, state: 'open', count: 2 });
    const row = await deps.owed.find(of, owed);
    expect(row).toEqual({ ...obligation, collateral: 'accepted', dueAt: rfc3339(now) });
    expect(await entriesOf(of.id)).toMatchObject([
      {
        kind: 'approved',
        case: of.id,
        changes: [],
        facts: {
          by: alice,
          reason: 'both may go',
          credential: `credential/bank/${owed.id}`,
          count: 2,
          ends: 'ends' in answer ? answer.ends : [],
        },
      },
    ]);
  });

  it('is found by the chaser and by the worker that it wakes', async () => {
    const { of, obligation, owed } = await given();
    const { shard, authority } = obligation;
    const { due, obligations } = cases(world.client, tables.cases);
    const chunk = { case: of.id, shard, authority };
    const found = async () =>
      (await allDue(due, rfc3339(now))).filter(
        (row) => row.kind === 'obligation' && row.chunk.case === of.id,
      );
    expect([await found(), await obligations.due(chunk, now, 9)]).toEqual([[], []]);
    await approve(of, owed);
    expect(await found()).toEqual([{ kind: 'obligation', chunk }]);
    expect(await obligations.due(chunk, now, 9)).toMatchObject([{ id: owed.id, collateral: 'accepted' }]);
  });

  it('is recorded once, however often and however concurrently it is ordered', async () => {
    const { of, owed } = await given();
    const answers = await Promise.all([approve(of, owed), approve(of, owed), approve(of, owed)]);
    answers.push(await approve(of, owed));
    expect(answers.map(({ kind }) => kind)).toEqual(Array(4).fill('approved'));
    expect(await entriesOf(of.id)).toHaveLength(1);
  });

  it('ordered again makes the obligation due at once if a worker postponed it meanwhile', async () => {
    const { of, owed } = await given();
    await approve(of, owed);
    const from = await deps.owed.find(of, owed);
    if (!from) throw new Error('there is no such obligation');
    const later = { state: 'open', attempts: 4, dueAt: rfc3339(now + 9_000), uncovered: false } as const;
    await world.given({ kind: 'settle-obligation', from, to: { ...later, last: 'unconfirmed/alive' } });
    expect(await approve(of, owed)).toMatchObject({ kind: 'approved', count: 1 });
    expect(await deps.owed.find(of, owed)).toMatchObject({ attempts: 4, dueAt: rfc3339(now) });
    expect(await entriesOf(of.id)).toHaveLength(1);
  });

  it('names the first of many credentials and counts them all', async () => {
    const { of, owed } = await given({}, collateralNamesMax + 5);
    const answer = await approve(of, owed);
    expect(answer).toMatchObject({ count: collateralNamesMax + 5 });
    expect('ends' in answer ? answer.ends : []).toHaveLength(collateralNamesMax);
  });
});

describe('accepting collateral is refused, and changes nothing,', () => {
  const refusedOf = async (of: { readonly id: Obligation['case'] }, credential: CredentialRef) => {
    const before = await world.snapshot();
    const answer = await approve(of, credential);
    expect(await world.snapshot()).toBe(before);
    return answer;
  };

  it('if there is no such case', async () => {
    expect(await refusedOf(freshCase(), credentialOf())).toMatchObject({ code: 'case-unknown' });
  });

  it('if the case has no obligation for the credential', async () => {
    const { of } = await given();
    expect(await refusedOf(of, credentialOf({ id: credentialId('rt-elsewhere') }))).toMatchObject({
      code: 'obligation-unknown',
      reason: expect.stringContaining('has no obligation for bank/rt-elsewhere') as string,
    });
  });

  it('if the credential is dead already', async () => {
    const { of, owed } = await given({ state: 'dead', last: 'accepted/dead revocation:accepted' });
    expect(await refusedOf(of, owed)).toMatchObject({
      code: 'ended-already',
      reason: expect.stringContaining('is dead already') as string,
    });
  });

  it('if the last attempt failed for another reason, which the refusal names', async () => {
    const { of, owed } = await given({ last: 'unconfirmed/alive revocation:timeout' });
    expect(await refusedOf(of, owed)).toMatchObject({
      code: 'not-blocked',
      reason: expect.stringContaining('unconfirmed/alive revocation:timeout') as string,
    });
  });

  it('if the obligation was not tried yet', async () => {
    const { of, owed } = await given({ last: undefined, attempts: 0 });
    expect(await refusedOf(of, owed)).toMatchObject({
      code: 'not-blocked',
      reason: expect.stringContaining('not tried yet') as string,
    });
  });

  it('if the case is closed', async () => {
    const { of, owed } = await given({ state: 'dead' });
    const to = { state: 'closed', cursors: 0 } as const;
    await world.given({ kind: 'move-case', case: of.id, from: of, to, completeAt: rfc3339(now) });
    expect(await refusedOf(of, owed)).toMatchObject({ code: 'case-closed' });
  });

  it('if the credential dies while this is decided', async () => {
    const { of, obligation, owed } = await given();
    const to = { state: 'dead', attempts: 4, dueAt: rfc3339(now), uncovered: false, last: 'l' } as const;
    let died = false;
    const answer = await approve(of, owed, {
      ...deps,
      commit: async (writes) => {
        if (!died) await world.given({ kind: 'settle-obligation', from: obligation, to });
        died = true;
        return world.commit(writes);
      },
    });
    expect(answer).toMatchObject({ kind: 'refused', code: 'ended-already' });
    expect(await entriesOf(of.id)).toEqual([]);
  });
});
