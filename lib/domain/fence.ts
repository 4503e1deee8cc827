import type { CaseId, ConsentId } from './ids.ts';

/** What a fence can stand on. */
export interface FenceSubject {
  readonly type: 'consent';
  readonly id: ConsentId;
}

/** Everything of `subject` with a generation at or below `generation` is dishonoured. Never lowered. */
export interface Fence {
  readonly subject: FenceSubject;
  readonly generation: number;
  /** The case that raised it. */
  readonly case: CaseId;
  /** RFC 3339. */
  readonly at: string;
}
