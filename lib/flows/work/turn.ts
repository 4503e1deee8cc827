import type { AuthorityHealth } from '../../domain/case/authority-health.ts';
import type { Chunk } from '../../domain/case/obligation.ts';

/**
 * The exclusive right to call one authority, for at most `turnSeconds`. One worker at a time has it, so that limits, rate and pauses
 * hold across all workers.
 */
export interface Turn {
  /** Present if the authority failed before and has not answered since. */
  readonly health: AuthorityHealth | undefined;
  /** Takes the next waiting chunk out of the queue of this authority. */
  next(): Promise<Chunk | undefined>;
  /**
   * Frees the turn and stores the health of the authority. Then takes the next waiting chunk out of the queue, unless calls are
   * paused, and returns it: the caller must wake a worker for it.
   */
  release(health: AuthorityHealth | undefined): Promise<Chunk | undefined>;
}

export type TakenTurn =
  | ({ readonly kind: 'taken' } & Turn)
  /** Another worker has the turn. The chunk waits in the queue; that worker works on it, or wakes a worker for it. */
  | { readonly kind: 'busy' }
  /** Calls to this authority are paused. The chaser wakes a worker when the pause is over. */
  | { readonly kind: 'paused'; readonly health: AuthorityHealth };

export interface Turns {
  readonly turns: { take(chunk: Chunk, until: number): Promise<TakenTurn> };
}
