import type { Clock } from '../../../clock.ts';
import { CommitLog } from '../transactions/commit-log.ts';
import { openStore, type Store } from './dynalite.ts';
import { ItemLocks } from '../transactions/item-locks.ts';
import { RequestTokens } from '../transactions/request-tokens.ts';

/** What every operation works with. */
export interface Engine {
  readonly store: Store;
  readonly locks: ItemLocks;
  readonly log: CommitLog;
  readonly tokens: RequestTokens;
  readonly clock: Clock;
}

/** An engine without a table. */
export function openEngine(clock: Clock): Engine {
  const store = openStore();
  return {
    store,
    locks: new ItemLocks(),
    log: new CommitLog(store, clock),
    tokens: new RequestTokens(clock),
    clock,
  };
}
