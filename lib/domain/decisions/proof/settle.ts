import { addTallies, type Tally } from '../../case/case.ts';
import type { Credential } from '../../inventory/credential.ts';
import type { FactValue } from '../../transaction/entry.ts';
import type { AuthorityId, CaseId } from '../../ids.ts';
import type { Obligation, ObligationState } from '../../case/obligation.ts';
import { credentialName } from '../../names.ts';
import type { Write } from '../../transaction/write.ts';
import { type Evidence, judge, type Judgement } from './judge.ts';
import { recorded, type Stamp } from '../../transaction/stamp.ts';

/** An attempt at one credential, ready to be judged. */
export interface Attempt {
  readonly obligation: Obligation;
  readonly credential: Credential;
  readonly evidence: Evidence;
  /** RFC 3339. The next attempt is due then, if this one proves nothing. */
  readonly retryAt: string;
}

/** An attempt with its judgement. */
export interface Settled extends Attempt {
  readonly judgement: Judgement;
  readonly state: ObligationState;
  readonly deadBy?: string | undefined;
  /** For operators: the answer to the revocation, and the answers of the vantage points after it. */
  readonly reason: string;
}

/**
 * Judges an attempt and sets the obligation's state: `dead` with a proof, `draining` where the credential cannot be revoked but
 * expires, else unchanged.
 */
export function settle(attempt: Attempt): Settled {
  const judgement = judge(attempt.evidence);
  const { obligation, credential } = attempt;
  const reason = reasonOf(attempt, judgement);
  if (judgement.verdict === 'dead') return { ...attempt, judgement, reason, state: 'dead' };
  const lapses = obligation.deadBy ?? credential.expiresAt;
  const unsupported = attempt.evidence.revoked.kind === 'unsupported';
  if (lapses !== undefined && (unsupported || obligation.state === 'draining'))
    return { ...attempt, judgement, reason, state: 'draining', deadBy: lapses };
  return { ...attempt, judgement, reason, state: obligation.state };
}

/** For example `unconfirmed/unknown revocation:timeout introspection:http-503`. */
function reasonOf({ evidence: { revoked, after } }: Attempt, { outcome, verdict }: Judgement): string {
  const answer = 'because' in revoked ? revoked.because : revoked.kind;
  const seen = after.map(({ vantage, because }) => ` ${vantage}:${because}`);
  return `${outcome}/${verdict} revocation:${answer}${seen.join('')}`;
}

/** The writes for a group of attempts at one authority, with one entry that lists all attempts and one sum for the tally. */
export function groupOutcome(
  group: readonly Settled[],
  where: { readonly case: CaseId; readonly shard: number; readonly authority: AuthorityId },
  stamp: Stamp,
): readonly Write[] {
  const dead = group.filter(({ state }) => state === 'dead');
  const writes: Write[] = group.flatMap((settled) => moves(settled));
  const tally = addTallies(...group.map(tallyMove));
  if (Object.values(tally).some((count) => count !== 0))
    writes.push({ kind: 'add-tally', case: where.case, shard: where.shard, tally });
  if (dead.length > 0) writes.push({ kind: 'queue-event', event: revoked(dead, where.case, stamp) });
  const kind = dead.length > 0 ? 'revoked' : 'probed';
  const facts = { authority: where.authority, attempts: group.map(attemptFacts) };
  return recorded(writes, { kind, subject: `case/${where.case}`, case: where.case, facts }, stamp);
}

function moves({ obligation, credential, judgement, state, deadBy, retryAt, reason }: Settled): Write[] {
  const settled: Write = {
    kind: 'settle-obligation',
    from: obligation,
    to: {
      state,
      attempts: obligation.attempts + 1,
      dueAt: retryAt,
      uncovered: false,
      seenActiveAt: judgement.seenActiveAt,
      deadBy,
      last: reason,
    },
  };
  const to = state === 'dead' || state === 'draining' ? state : undefined;
  if (!to || credential.state === to || credential.state === 'dead') return [settled];
  return [
    settled,
    { kind: 'move-credential', credential, round: credential.round, from: credential.state, to },
  ];
}

function tallyMove({ obligation, state }: Settled): Partial<Tally> {
  const found = obligation.uncovered ? -1 : 0;
  if (state === obligation.state) return { uncovered: found };
  const from = obligation.state === 'draining' ? { draining: -1 } : { open: -1 };
  return addTallies(from, { [state]: 1, uncovered: found });
}

function revoked(dead: readonly Settled[], caseId: CaseId, stamp: Stamp) {
  const credentials = dead.flatMap(({ obligation: { authority, id, kind }, judgement }) =>
    judgement.proof ? [{ authority, id, kind, proof: judgement.proof }] : [],
  );
  return {
    id: stamp.newId(),
    type: 'Credential Revoked',
    detail: { case: caseId, credentials, at: stamp.at },
  } as const;
}

function attemptFacts({ obligation, evidence, judgement }: Settled): FactValue {
  const { revoked: answer } = evidence;
  return {
    credential: credentialName(obligation),
    attempt: obligation.attempts + 1,
    revocation: 'because' in answer ? `${answer.kind}:${answer.because}` : answer.kind,
    outcome: judgement.outcome,
    verdict: judgement.verdict,
    ...(judgement.proof && { proof: { ...judgement.proof } }),
    sightings: [...evidence.before, ...evidence.after].map(({ vantage, answer: seen, because, at }) => ({
      vantage,
      answer: seen,
      because,
      at,
    })),
  };
}
