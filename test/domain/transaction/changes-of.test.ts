import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyTally } from '../../../lib/domain/case/case.ts';
import { decideClosing } from '../../../lib/domain/decisions/case/close.ts';
import { decideGrant } from '../../../lib/domain/decisions/intake/grant.ts';
import { decideIssue } from '../../../lib/domain/decisions/intake/issue.ts';
import { planStep } from '../../../lib/domain/decisions/walk/plan.ts';
import { decideRejection } from '../../../lib/domain/decisions/intake/reject.ts';
import { groupOutcome } from '../../../lib/domain/decisions/proof/settle.ts';
import { decideWithdrawal } from '../../../lib/domain/decisions/intake/withdraw.ts';
import {
  authorityId,
  consentId,
  customerId,
  customerPrint,
  entryId,
  grantId,
  partnerId,
} from '../../../lib/domain/ids.ts';
import { changesOf } from '../../../lib/domain/transaction/changes.ts';
import type { Write, WriteKind } from '../../../lib/domain/transaction/write.ts';
import { anyGroup } from '../attempts.ts';
import {
  at,
  authorityOf,
  caseOf,
  clientOf,
  consentOf,
  credentialOf,
  credentialsOf,
  cutOffOf,
  fenceOf,
  grantOf,
  holdOf,
  issueOf,
  obligationOf,
  only,
  partnerOf,
  rotationOf,
  stampOf,
  withdrawalOf,
  type WriteOf,
} from '../objects.ts';

// P5: each change in exactly one entry.

const id = caseOf().id;
const node = { kind: 'consent', id: 'consent-1', generation: 1 } as const;
const approval = { what: 'lift/h', digest: 'd', state: 'asked', by: 'alice', at } as const;
const refOf = ({ authority, id: of }: ReturnType<typeof credentialOf>) => ({ authority, id: of });
const customer = { print: customerPrint('print'), pseudonym: customerId('customer-1') };
const settled = { attempts: 1, dueAt: at, uncovered: false, last: 'accepted/dead' };

/** One write of each kind with the changes that an auditor must read; a new kind does not compile without its line. */
const told: { readonly [Kind in WriteKind]: readonly [WriteOf<Kind>, ReturnType<typeof changesOf>] } = {
  'register-partner': [
    { kind: 'register-partner', partner: partnerOf({ revision: 4 }), from: 3 },
    [{ item: 'partner/fintech', from: '3', to: '4' }],
  ],
  'register-authority': [
    { kind: 'register-authority', authority: authorityOf(), from: null },
    [{ item: 'authority/bank', from: null, to: '1' }],
  ],
  'require-planned': [{ kind: 'require-planned', case: id }, []],
  'register-client': [
    { kind: 'register-client', client: clientOf({ revision: 2 }), from: 1 },
    [{ item: 'client/fintech-app', from: '1', to: '2' }],
  ],
  'move-rotation': [
    { kind: 'move-rotation', from: rotationOf(), to: rotationOf({ state: 'begun', number: 1 }) },
    [{ item: 'rotation/fintech-app', from: 'resting', to: 'begun' }],
  ],
  'place-hold': [
    { kind: 'place-hold', hold: holdOf(), after: null },
    [{ item: `hold/${holdOf().id}`, from: null, to: 'held' }],
  ],
  'lift-hold': [
    { kind: 'lift-hold', hold: holdOf(), by: 'bob', at },
    [{ item: `hold/${holdOf().id}`, from: 'held', to: 'lifted' }],
  ],
  'ask-approval': [
    { kind: 'ask-approval', approval, over: null },
    [{ item: 'approval/lift/h', from: null, to: 'asked' }],
  ],
  'use-approval': [
    { kind: 'use-approval', approval, by: 'bob', at },
    [{ item: 'approval/lift/h', from: 'asked', to: 'used' }],
  ],
  'add-cut-off': [
    { kind: 'add-cut-off', cutOff: cutOffOf(), set: [] },
    [{ item: `plan/${cutOffOf().id}`, from: null, to: 'ready' }],
  ],
  'use-cut-off': [
    { kind: 'use-cut-off', cutOff: cutOffOf(), case: id },
    [{ item: `plan/${cutOffOf().id}`, from: 'ready', to: 'executed' }],
  ],
  'publish-keys': [
    { kind: 'publish-keys', jwks: '{}', keyId: 'k2', from: 'k1' },
    [{ item: 'keys/handle', from: 'k1', to: 'k2' }],
  ],
  'add-consent': [
    { kind: 'add-consent', consent: consentOf({ generation: 2 }) },
    [{ item: 'consent/consent-1@2', from: null, to: 'granted' }],
  ],
  'add-credential': [
    { kind: 'add-credential', credential: credentialOf({ state: 'condemned' }) },
    [{ item: 'credential/bank/rt-1', from: null, to: 'condemned' }],
  ],
  'move-credential': [
    { kind: 'move-credential', credential: credentialOf(), round: 1, from: 'live', to: 'condemned' },
    [{ item: 'credential/bank/rt-1', from: 'live', to: 'condemned' }],
  ],
  'link-customer': [
    { kind: 'link-customer', customer },
    [{ item: 'customer/customer-1', from: null, to: 'linked' }],
  ],
  'forget-customer': [
    { kind: 'forget-customer', customer },
    [{ item: 'customer/customer-1', from: 'linked', to: 'deleted' }],
  ],
  'withdraw-consent': [
    { kind: 'withdraw-consent', consent: { id: consentId('consent-1'), generation: 2 } },
    [{ item: 'consent/consent-1@2', from: 'granted', to: 'withdrawn' }],
  ],
  'mark-credential': [{ kind: 'mark-credential', credential: credentialOf(), by: id }, []],
  'condemn-grant': [
    {
      kind: 'condemn-grant',
      grant: { authority: authorityId('bank'), partner: partnerId('p'), grant: grantId('g/1') },
      by: id,
    },
    [{ item: 'grant/bank/p/g%2F1', from: null, to: 'condemned' }],
  ],
  'require-not-condemned': [{ kind: 'require-not-condemned', origin: credentialOf() }, []],
  'note-grant': [
    {
      kind: 'note-grant',
      case: id,
      grant: { authority: authorityId('bank'), partner: partnerId('p'), grant: grantId('g') },
    },
    [],
  ],
  'branch-cursor': [{ kind: 'branch-cursor', case: id, cursor: { node } }, []],
  'note-credential': [
    {
      kind: 'note-credential',
      note: { case: id, shard: 0, ...refOf(credentialOf()), as: 'passed' },
    },
    [],
  ],
  'clear-due': [{ kind: 'clear-due', of: { id: consentId('consent-1'), generation: 1 } }, []],
  'raise-fence': [
    { kind: 'raise-fence', fence: fenceOf({ generation: 5 }), from: 2 },
    [{ item: 'fence/consent/consent-1', from: '2', to: '5' }],
  ],
  'open-case': [
    { kind: 'open-case', case: caseOf(), root: node, dueAt: at },
    [{ item: `case/${id}`, from: null, to: 'open' }],
  ],
  'move-case': [
    {
      kind: 'move-case',
      case: id,
      from: { state: 'working', cursors: 0 },
      to: { state: 'closed', cursors: 0 },
    },
    [{ item: `case/${id}`, from: 'working', to: 'closed' }],
  ],
  'open-obligation': [
    { kind: 'open-obligation', obligation: obligationOf() },
    [{ item: `obligation/${id}/bank/rt-1`, from: null, to: 'open' }],
  ],
  'settle-obligation': [
    { kind: 'settle-obligation', from: obligationOf(), to: { ...settled, state: 'dead' } },
    [{ item: `obligation/${id}/bank/rt-1`, from: 'open', to: 'dead' }],
  ],
  'require-partner': [{ kind: 'require-partner', partner: partnerOf().id }, []],
  'see-signal': [{ kind: 'see-signal', signal: withdrawalOf().key, digest: 'd', at }, []],
  'see-rejection': [{ kind: 'see-rejection', digest: 'd', reason: 'malformed', at }, []],
  'require-no-fence': [{ kind: 'require-no-fence', subject: fenceOf().subject, generation: 1 }, []],
  'add-cursor': [{ kind: 'add-cursor', case: id, node, dueAt: '2026-01-01T00:00:00.000Z' }, []],
  'move-cursor': [{ kind: 'move-cursor', case: id, cursor: { node }, after: 'edge' }, []],
  'drop-cursor': [{ kind: 'drop-cursor', case: id, cursor: { node } }, []],
  'add-tally': [{ kind: 'add-tally', case: id, shard: 0, tally: { dead: 1 } }, []],
  'require-tally': [{ kind: 'require-tally', case: id, shard: 0, tally: emptyTally }, []],
  'accept-collateral': [{ kind: 'accept-collateral', obligation: obligationOf(), dueAt: at }, []],
  'postpone-obligation': [{ kind: 'postpone-obligation', obligation: obligationOf(), dueAt: at }, []],
  'postpone-case': [{ kind: 'postpone-case', case: id, dueAt: at }, []],
  'queue-event': [
    {
      kind: 'queue-event',
      event: { id: 'e', type: 'Credential Revoked', detail: { case: id, credentials: [], at } },
    },
    [],
  ],
  'append-entry': [
    {
      kind: 'append-entry',
      entry: { version: 1, id: entryId('e'), kind: 'granted', at, subject: 's', changes: [], facts: {} },
    },
    [],
  ],
};

describe('changesOf', () => {
  it.each(Object.entries(told))('tells what %s changes', (_, [write, changes]) => {
    expect(changesOf([write as Write])).toEqual(changes);
  });

  it('tells nothing of a case that only counts its cursors', () => {
    const state = 'planning' as const;
    const write = {
      kind: 'move-case',
      case: id,
      from: { state, cursors: 2 },
      to: { state, cursors: 1 },
    } as const;
    expect(changesOf([write])).toEqual([]);
  });

  it('tells nothing of an obligation that stays as it was', () => {
    const write = {
      kind: 'settle-obligation',
      from: obligationOf(),
      to: { ...settled, state: 'open' },
    } as const;
    expect(changesOf([write])).toEqual([]);
  });

  it('keeps the order of the writes', () => {
    const writes = [told['open-case'][0], told['raise-fence'][0]];
    expect(changesOf(writes).map(({ item }) => item)).toEqual([`case/${id}`, 'fence/consent/consent-1']);
  });
});

describe('the entry of a decision', () => {
  const generation = fc.integer({ min: 1, max: 4 });
  const fence = fc.option(
    generation.map((standing) => fenceOf({ generation: standing })),
    { nil: undefined },
  );
  const stated = <State extends string>(...states: State[]) => fc.constantFrom(...states);
  const consent = (value: number) => ({ id: consentId('consent-1'), generation: value });

  const decisions: fc.Arbitrary<readonly (readonly Write[])[]> = fc.oneof(
    fc
      .tuple(generation, fence)
      .map(([g, f]) => [decideWithdrawal(withdrawalOf({ consent: consent(g) }), f, stampOf()).writes]),
    fc
      .tuple(generation, fence)
      .map(([g, f]) => [decideGrant(grantOf({ generation: g }), { consent: f }, undefined, stampOf())]),
    fc
      .option(stated('open', 'planning', 'working', 'closed'), { nil: undefined })
      .map((state) => [
        decideIssue(issueOf(), {}, state && { kind: 'condemned', latest: caseOf({ state }) }, stampOf())
          .writes,
      ]),
    fc
      .record({
        size: fc.nat(60),
        state: stated('live', 'condemned', 'draining', 'dead'),
        of: stated('open', 'planning', 'working'),
        next: fc.option(fc.constant('edge'), { nil: undefined }),
      })
      .map(({ size, state, of, next }) =>
        planStep(
          caseOf({ state: of }),
          { node },
          {
            credentials: credentialsOf(size, { state, grant: grantId('g') }).map((credential) => ({
              credential,
              standing: state === 'dead' ? { kind: 'passed' } : { kind: 'owed', covered: true },
            })),
            grants: { listed: new Set(), foreign: new Set() },
            next,
          },
          stampOf(),
        ),
      ),
    anyGroup.map((group) => [
      groupOutcome(group, { case: id, shard: 0, authority: authorityId('bank') }, stampOf()),
    ]),
    fc.constant([
      decideClosing(caseOf({ state: 'working', cursors: 0 }), [undefined], stampOf()) ?? [],
      decideRejection({ code: 'foreign', reason: 'r', digest: 'd' }, undefined, stampOf()),
    ]),
  );

  it('is one in each transaction and names exactly the changes of its writes', () => {
    fc.assert(
      fc.property(decisions, (transactions) => {
        for (const writes of transactions) {
          const entries = only(writes, 'append-entry').map(({ entry }) => entry.changes);
          const changes = changesOf(writes);
          // bookkeeping alone, as of a page without anybody new on it, needs no entry
          expect(entries.length === 0 ? [[]] : entries).toEqual([changes]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
