import type { CaseId } from '../ids.ts';
import type { FenceSubject } from '../subject.ts';

/** A fence: all that belongs to `subject` up to and including `generation` must be refused. The generation only rises. */
export interface Fence {
  readonly subject: FenceSubject;
  readonly generation: number;
  /** The case whose opening raised the fence. */
  readonly case: CaseId;
  /** RFC 3339. */
  readonly at: string;
}
