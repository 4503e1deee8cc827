import type { CaseId } from '../ids.ts';
import type { FenceSubject } from '../subject.ts';

/** Everything of `subject` with a generation at or below `generation` is dishonoured. Never lowered. */
export interface Fence {
  readonly subject: FenceSubject;
  readonly generation: number;
  /** The case that raised it. */
  readonly case: CaseId;
  /** RFC 3339. */
  readonly at: string;
}
