import { describe, expect, it } from 'vitest';
import { decideIssue } from '../../../../lib/domain/decisions/intake/issue.ts';
import { consentId } from '../../../../lib/domain/ids.ts';
import { at, caseOf, credentialOf, entryOf, fenceOf, issueOf, only, stampOf } from '../../objects.ts';

const root = { kind: 'credential', authority: 'bank', id: 'rt-1' };

describe('decideIssue: without a fence', () => {
  it('records a live credential, on condition that no fence stands over its consent', () => {
    const { writes } = decideIssue(
      issueOf({ consent: { id: consentId('consent-1'), generation: 2 } }),
      {},
      undefined,
      stampOf(),
    );
    expect(only(writes, 'add-credential')).toMatchObject([{ credential: { state: 'live', round: 1 } }]);
    expect(only(writes, 'require-no-fence')).toMatchObject([
      { subject: { type: 'partner', id: 'fintech' }, generation: 0 },
      { subject: { type: 'consent', id: 'consent-1' }, generation: 2 },
    ]);
  });

  it('asks for the partner alone where the credential grew out of no consent', () => {
    const { consent: _, ...bare } = credentialOf();
    const { state: __, round: ___, ...credential } = bare;
    const { writes } = decideIssue({ ...issueOf(), credential }, {}, undefined, stampOf());
    expect(only(writes, 'require-no-fence')).toMatchObject([{ subject: { type: 'partner' } }]);
    expect(only(writes, 'add-credential')).toHaveLength(1);
  });

  it('demands a registered partner and an unseen signal', () => {
    const { writes } = decideIssue(issueOf(), {}, undefined, stampOf());
    expect(only(writes, 'require-partner')).toMatchObject([{ partner: 'fintech' }]);
    expect(only(writes, 'see-signal')).toHaveLength(1);
  });

  it('plans nothing', () => {
    expect(decideIssue(issueOf(), {}, undefined, stampOf()).case).toBeUndefined();
  });

  it('repeats no handle in the ledger', () => {
    const { writes } = decideIssue(issueOf({ handle: 'CANARY.a.b.c.d' }), {}, undefined, stampOf());
    expect(JSON.stringify(entryOf(writes))).not.toContain('CANARY');
  });
});

describe('decideIssue: under a fence', () => {
  const working = caseOf({ state: 'working', cursors: 0 });
  const closed = caseOf({ state: 'closed', cursors: 0 });
  const under = (latest: ReturnType<typeof caseOf>) =>
    decideIssue(issueOf(), { consent: fenceOf() }, { kind: 'condemned', latest }, stampOf());

  it('is born condemned', () => {
    const { writes } = under(working);
    expect(only(writes, 'add-credential')).toMatchObject([{ credential: { state: 'condemned', round: 1 } }]);
    expect(entryOf(writes).changes).toContainEqual({
      item: 'credential/bank/rt-1',
      from: null,
      to: 'condemned',
    });
  });

  it.each(['open', 'planning', 'working'] as const)('is a new root of a case that is %s', (state) => {
    const latest = caseOf({ state });
    const decision = under(latest);
    expect(decision.case).toEqual(latest);
    expect(only(decision.writes, 'add-cursor')).toMatchObject([{ case: latest.id, node: root }]);
    expect(only(decision.writes, 'open-case')).toEqual([]);
  });

  it('opens a follow-up where the case is closed', () => {
    const decision = under(closed);
    expect(decision.case).toEqual(caseOf({ round: 2, follows: closed.id }));
    expect(only(decision.writes, 'open-case')).toMatchObject([{ root, dueAt: at, case: { cursors: 1 } }]);
    expect(only(decision.writes, 'add-cursor')).toEqual([]);
  });

  it('never touches the closed case', () => {
    expect(JSON.stringify(under(closed).writes.filter(({ kind }) => kind === 'move-case'))).toBe('[]');
  });

  it('follows the last follow-up, one round later', () => {
    const second = caseOf({ round: 2, follows: closed.id, state: 'closed', cursors: 0 });
    expect(under(second).case).toMatchObject({ round: 3, follows: second.id });
  });

  it('announces the follow-up and names its predecessor', () => {
    expect(only(under(closed).writes, 'queue-event').map(({ event }) => event)).toMatchObject([
      { type: 'Credential Issued', detail: { credential: { authority: 'bank', id: 'rt-1' } } },
      { type: 'Case Opened', detail: { follows: closed.id } },
    ]);
  });

  it('files its entry under its case as well', () => {
    expect(entryOf(under(working).writes)).toMatchObject({
      kind: 'issued',
      subject: 'credential/bank/rt-1',
      case: working.id,
    });
  });
});
