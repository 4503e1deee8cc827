import { type Case, caseIdOf } from '../../case/case.ts';
import type { Credential } from '../../inventory/credential.ts';
import type { CutOff } from '../../emergency/cut-off.ts';
import type { Fence } from '../../case/fence.ts';
import { cutOffName, credentialName, partnerName } from '../../names.ts';
import type { Write } from '../../transaction/write.ts';
import { recorded, type Stamp } from '../../transaction/stamp.ts';
import { caseOpened, openCase } from '../case/open-case.ts';

/** Stores the plan of a cut-off: the credentials that were shown, and the operator who saw them. Nothing is fenced or revoked yet. */
export function decidePreview(cutOff: CutOff, set: readonly Credential[], stamp: Stamp): readonly Write[] {
  const { partner, revision, reason, by, count, uncovered, digest, until } = cutOff;
  const shown = set.map(({ authority, id }) => ({ authority, id }));
  const facts = { plan: cutOff.id, revision, reason, by, count, uncovered, digest, until };
  const entry = { kind: 'previewed', subject: partnerName(partner), facts } as const;
  return recorded([{ kind: 'add-cut-off', cutOff, set: shown }], entry, stamp);
}

/** The decision about executing a plan. `running`: the partner is cut off already, and this case works on all its credentials. */
export type Execution =
  | { readonly kind: 'order'; readonly case: Case; readonly writes: readonly Write[] }
  | { readonly kind: 'running'; readonly case: Case };

/**
 * Cuts a partner off in one transaction: raises the partner's fence, marks the plan as executed, opens the case and writes the entry.
 * Where the fence already exists and its case has closed, a follow-up case opens. The registration must still have the previewed
 * revision: where a new revision is registered at the same time, one of the two transactions fails.
 */
export function decideExecution(
  cutOff: CutOff,
  by: string,
  standing: { readonly fence: Fence; readonly latest: Case } | undefined,
  stamp: Stamp,
): Execution {
  const { partner, revision, reason, count, digest } = cutOff;
  const subject = { type: 'partner', id: partner } as const;
  const fenced = standing !== undefined && standing.fence.generation >= revision;
  if (fenced && standing.latest.state !== 'closed') return { kind: 'running', case: standing.latest };
  const about = { kind: 'emergency-ordered', subject, generation: revision, round: 1 } as const;
  const opened = openCase(
    fenced ? { ...about, round: standing.latest.round + 1, follows: standing.latest.id } : about,
    stamp,
  );
  const fence: Fence = { subject, generation: revision, case: caseIdOf(about), at: stamp.at };
  const writes: Write[] = [
    ...(fenced ? [] : [{ kind: 'raise-fence', fence, from: standing?.fence.generation ?? null } as const]),
    { kind: 'require-partner', partner, revision },
    { kind: 'use-cut-off', cutOff, case: opened.id },
    { kind: 'open-case', case: opened, root: { kind: 'partner', id: partner }, dueAt: stamp.at },
    { kind: 'queue-event', event: caseOpened(opened, stamp) },
  ];
  const facts = { plan: cutOffName(cutOff.id), reason, by, previewedBy: cutOff.by, count, digest };
  const entry = { kind: 'ordered', subject: `case/${opened.id}`, case: opened.id, facts } as const;
  return { kind: 'order', case: opened, writes: recorded(writes, entry, stamp) };
}

/** Returns the names of the credentials that were not in the plan that was shown. */
export function arrivedSince(
  shown: readonly { readonly authority: string; readonly id: string }[],
  now: readonly Credential[],
): readonly string[] {
  const known = new Set(shown.map(({ authority, id }) => `${authority}\n${id}`));
  return now.filter(({ authority, id }) => !known.has(`${authority}\n${id}`)).map(credentialName);
}
