import type { Case } from '../../case/case.ts';
import type { Fence } from '../../case/fence.ts';
import type { FenceSubject } from '../../subject.ts';
import type { SignalOf } from '../../intake/signal.ts';
import { consentPart } from '../../names.ts';
import type { Write } from '../../transaction/write.ts';
import { caseOpened, openCase } from '../case/open-case.ts';
import { recorded, type Stamp } from '../../transaction/stamp.ts';

/** The decision about a withdrawal. */
export type Withdrawal =
  | { readonly kind: 'fence'; readonly case: Case; readonly writes: readonly Write[] }
  /**
   * A fence of this generation or a higher one exists: another sender announced the same withdrawal, or a later generation was
   * withdrawn.
   */
  | { readonly kind: 'already-fenced'; readonly fence: Fence; readonly writes: readonly Write[] };

/**
 * Withdraws a consent: raises the fence and writes case and entry in one transaction.
 * `fence` is the consent's fence as it was read. Where it has changed since, the commit fails and the decision is made again.
 */
export function decideWithdrawal(
  signal: SignalOf<'ConsentWithdrawn'>,
  fence: Fence | undefined,
  stamp: Stamp,
): Withdrawal {
  const subject: FenceSubject = { type: 'consent', id: signal.consent.id };
  const { generation } = signal.consent;
  const seen: Write = { kind: 'see-signal', signal: signal.key, digest: signal.digest, at: stamp.at };
  const facts = {
    source: signal.key.source,
    account: signal.key.account,
    signal: signal.key.id,
    digest: signal.digest,
    occurredAt: signal.occurredAt,
    generation,
    by: signal.by,
    ...(signal.partner !== undefined && { partner: signal.partner }),
    ...(signal.reason !== undefined && { reason: signal.reason }),
  };
  if (fence && fence.generation >= generation) {
    const entry = {
      kind: 'withdrawn',
      subject: consentPart(subject.id),
      facts: { ...facts, fencedBy: fence.case },
    } as const;
    return { kind: 'already-fenced', fence, writes: recorded([seen], entry, stamp) };
  }
  const opened = openCase({ kind: 'consent-withdrawn', subject, generation, round: 1 }, stamp);
  const writes: Write[] = [
    {
      kind: 'raise-fence',
      fence: { subject, generation, case: opened.id, at: stamp.at },
      from: fence?.generation ?? null,
    },
    seen,
    {
      kind: 'open-case',
      case: opened,
      root: { kind: 'consent', id: subject.id, generation },
      dueAt: stamp.at,
    },
    { kind: 'queue-event', event: caseOpened(opened, stamp) },
    {
      kind: 'queue-event',
      event: {
        id: stamp.newId(),
        type: 'Consent Withdrawn',
        detail: { consent: signal.consent, case: opened.id, at: stamp.at },
      },
    },
  ];
  const entry = { kind: 'withdrawn', subject: `case/${opened.id}`, case: opened.id, facts } as const;
  return { kind: 'fence', case: opened, writes: recorded(writes, entry, stamp) };
}
