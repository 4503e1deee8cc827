import { type Case, caseIdOf } from '../../case/case.ts';
import type { Stamp } from '../../transaction/stamp.ts';

/** Returns a new case: one node where its walk begins, and no obligation yet. */
export function openCase(
  about: Pick<Case, 'kind' | 'subject' | 'generation' | 'round' | 'follows'>,
  stamp: Stamp,
): Case {
  return { ...about, id: caseIdOf(about), state: 'open', shards: 1, cursors: 1, effectAt: stamp.at };
}

/** The event `Case Opened` of a new case. All its counts are 0. */
export function caseOpened(opened: Case, stamp: Stamp) {
  const { id, follows, kind, subject, effectAt } = opened;
  return {
    id: stamp.newId(),
    type: 'Case Opened',
    detail: {
      case: id,
      ...(follows && { follows }),
      kind,
      subject,
      effectAt,
      planned: 0,
      dead: 0,
      waived: 0,
      open: 0,
      uncovered: 0,
    },
  } as const;
}
