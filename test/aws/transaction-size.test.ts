import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionsOf } from '../../lib/aws/dynamodb/writes.ts';
import { emptyTally } from '../../lib/domain/case/case.ts';
import { decideClosing } from '../../lib/domain/decisions/case/close.ts';
import { decideGrant } from '../../lib/domain/decisions/intake/grant.ts';
import { decideIssue } from '../../lib/domain/decisions/intake/issue.ts';
import { decideExecution, decidePreview } from '../../lib/domain/decisions/operate/cut-off.ts';
import {
  decideAuthority,
  decideClient,
  decidePartner,
} from '../../lib/domain/decisions/operate/registration.ts';
import { planStep } from '../../lib/domain/decisions/walk/plan.ts';
import { groupOutcome } from '../../lib/domain/decisions/proof/settle.ts';
import { decideWithdrawal } from '../../lib/domain/decisions/intake/withdraw.ts';
import { authorityId, consentId, grantId } from '../../lib/domain/ids.ts';
import {
  caseShardsMax,
  cutOffCredentialsMax,
  planPageCredentials,
  walkBranches,
} from '../../lib/domain/limits.ts';
import type { Write } from '../../lib/domain/transaction/write.ts';
import { anyGroup } from '../domain/attempts.ts';
import {
  at,
  authorityOf,
  caseOf,
  clientOf,
  credentialsOf,
  cutOffOf,
  fenceOf,
  grantOf,
  issueOf,
  partnerOf,
  stampOf,
  withdrawalOf,
} from '../domain/objects.ts';
import { tables } from './world.ts';

/** TransactWriteItems takes at most 100 actions, and no two on one item. */
const actionsMax = 100;

function itemOf({ Put, Update, Delete, ConditionCheck }: TransactWriteItem): string {
  const key = Put?.Item ?? Update?.Key ?? Delete?.Key ?? ConditionCheck?.Key;
  const table = (Put ?? Update ?? Delete ?? ConditionCheck)?.TableName;
  return JSON.stringify([table, key?.['pk'], key?.['sk']]);
}

function fits(writes: readonly Write[]): boolean {
  const items = writes.flatMap((write) => actionsOf(write, tables)).map(itemOf);
  return items.length > 0 && items.length <= actionsMax && new Set(items).size === items.length;
}

describe('a transaction fits into DynamoDB', () => {
  it('for every step of the walk', () => {
    const branches = Array.from({ length: walkBranches }, (_, n) => ({
      node: { kind: 'grant', authority: 'bank', id: `g-${n}` } as const,
      after: 'edge',
    }));
    const granted = Array.from({ length: 37 }, (_, n) => ({ id: consentId('consent-1'), generation: n + 1 }));
    const any = fc.record({
      size: fc.nat(planPageCredentials),
      shards: fc.constant(1),
      beside: fc.constantFrom({ branches }, { granted }),
      state: fc.constantFrom('live' as const, 'condemned' as const),
      next: fc.option(fc.constant('edge'), { nil: undefined }),
    });
    fc.assert(
      fc.property(any, ({ size, shards, state, beside, next }) => {
        const step = {
          // the worst: each has a grant of its own, and nodes and consents are left beside them
          credentials: credentialsOf(size, { state }).map((credential) => ({
            credential: { ...credential, grant: grantId(`g-${credential.id}`) },
            standing: { kind: 'owed', covered: false } as const,
          })),
          grants: { listed: new Set<string>(), foreign: new Set<string>() },
          ...beside,
          next,
        };
        const cursor = { node: { kind: 'consent', id: 'consent-1', generation: 1 } } as const;
        for (const writes of planStep(caseOf({ shards }), cursor, step, stampOf()))
          expect(fits(writes)).toBe(true);
      }),
    );
  });

  it('for every group of outcomes', () => {
    fc.assert(
      fc.property(anyGroup, (group) => {
        const where = { case: caseOf().id, shard: 0, authority: authorityId('bank') };
        expect(fits(groupOutcome(group, where, stampOf()))).toBe(true);
      }),
    );
  });

  it('for the closing of a case with as many shards as a case may have', () => {
    const worked = caseOf({ state: 'working', cursors: 0, shards: caseShardsMax });
    const tallies = Array.from({ length: caseShardsMax }, () => ({ ...emptyTally, planned: 1, dead: 1 }));
    expect(fits(decideClosing(worked, tallies, stampOf()) ?? [])).toBe(true);
  });

  it('for the largest plan of a cut-off, and its execution', () => {
    const set = credentialsOf(cutOffCredentialsMax);
    expect(fits(decidePreview(cutOffOf({ count: set.length }), set, stampOf()))).toBe(true);
    const decision = decideExecution(cutOffOf(), 'bob', undefined, stampOf());
    expect(decision.kind === 'order' && fits(decision.writes)).toBe(true);
  });

  it('for every registration', () => {
    const by = 'alice';
    const approval = { what: 'w', digest: 'd', state: 'asked', by: 'bob', at } as const;
    const write = { kind: 'use-approval', approval, by, at } as const;
    const second = { askedBy: 'bob', write, over: caseOf().id };
    const known = { revision: 1, fence: fenceOf() };
    const next = partnerOf({ revision: 2 });
    expect(fits(decidePartner(partnerOf(), undefined, { by }, stampOf()))).toBe(true);
    expect(fits(decidePartner(next, known, { by, second }, stampOf()))).toBe(true);
    expect(fits(decideAuthority(authorityOf(), undefined, { by }, stampOf()))).toBe(true);
    expect(fits(decideClient(clientOf(), { known: undefined, above: {}, dueAt: at }, by, stampOf()))).toBe(
      true,
    );
  });

  it('for every withdrawal, grant and issue', () => {
    expect(fits(decideWithdrawal(withdrawalOf(), undefined, stampOf()).writes)).toBe(true);
    expect(fits(decideWithdrawal(withdrawalOf(), fenceOf(), stampOf()).writes)).toBe(true);
    expect(fits(decideGrant(grantOf(), {}, undefined, stampOf()))).toBe(true);
    for (const state of ['open', 'closed'] as const) {
      const [parent, replaces] = credentialsOf(2, { authority: authorityId('other') });
      const issue = issueOf({ grant: grantId('grant-1'), parent, replaces });
      const { writes } = decideIssue(issue, {}, { kind: 'condemned', latest: caseOf({ state }) }, stampOf());
      expect(fits(writes)).toBe(true);
    }
  });
});
