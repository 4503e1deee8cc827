import type { AuthorityHealth } from '../../domain/case/authority-health.ts';
import type { Chunk } from '../../domain/case/obligation.ts';

/**
 * The right to speak to one authority, for at most `turnSeconds`. One worker at a time has it, so that limits, rate and pauses hold
 * across all workers.
 */
export interface Turn {
  /** Present where the authority failed before and has not answered since. */
  readonly health: AuthorityHealth | undefined;
  /** Takes the next chunk out of the line of those that wait. */
  next(): Promise<Chunk | undefined>;
  /**
   * Frees the turn and stores how the authority answered. Then takes the next chunk out of the line, unless calls are paused:
   * the caller has to wake a worker for it.
   */
  release(health: AuthorityHealth | undefined): Promise<Chunk | undefined>;
}

export type TakenTurn =
  | ({ readonly kind: 'taken' } & Turn)
  /** Another worker has it. The chunk waits in line; the holder works it, or wakes a worker for it. */
  | { readonly kind: 'busy' }
  /** Nobody calls this authority now. The chaser wakes a worker when the pause is over. */
  | { readonly kind: 'paused'; readonly health: AuthorityHealth };

export interface Turns {
  readonly turns: { take(chunk: Chunk, until: number): Promise<TakenTurn> };
}
