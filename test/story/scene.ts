import type { Claims } from './claims.ts';
import type { Stage } from './stage.ts';
import type { Timeline } from './timeline.ts';
import type { Wallet } from './wallet.ts';

/** What every act is given. */
export interface Scene {
  readonly stage: Stage;
  readonly timeline: Timeline;
  readonly claims: Claims;
  readonly wallet: Wallet;
  /** How long a case may take to come to rest, in ms of real time. */
  readonly patienceMs: number;
}
