import type { Clock } from '../../clock.ts';

/** What the operations share. */
export interface SecretsWorld {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  /** Fresh ids for versions that come without one: UUIDs. */
  readonly newId: () => string;
}
