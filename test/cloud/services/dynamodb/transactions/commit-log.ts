import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, Timer } from '../../../clock.ts';
import type { Call } from '../../../service.ts';
import { type Row, type Store, writeRows } from '../store/dynalite.ts';
import type { Change, StagedWrite } from '../store/stage-write.ts';

/** Is told the changes of one committed write or transaction, in commit order. Must not throw. */
export type CommitListener = (changes: readonly Change[], call: Call) => void;

/** Index entries of one commit and one table that are on their way. */
interface Propagation {
  readonly table: string;
  readonly timer: Timer;
}

/** Commits staged writes one after the other, each in one atomic batch, and carries them to the indexes. */
export class CommitLog {
  /** How long after the commit global index entries become visible, in milliseconds of the world's clock. */
  indexLagMs = 0;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #listeners = new Set<CommitListener>();
  readonly #propagations = new Set<Propagation>();
  #last: Promise<void> = Promise.resolve();
  #propagatedUntil = 0;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  listen(listener: CommitListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Applies all writes or none, then tells the listeners. Takes at least one turn of the event loop. */
  async commit(writes: readonly StagedWrite[], call: Call): Promise<void> {
    const mine = this.#last.then(() => this.#apply(writes, call));
    this.#last = mine.catch(() => undefined);
    await mine;
  }

  /** Drops what is on its way to the indexes of `table`: a new table of that name starts empty. */
  forget(table: string): void {
    for (const propagation of this.#propagations) if (propagation.table === table) this.#drop(propagation);
  }

  /** Waits for the running commits; entries on their way to an index never arrive. */
  async close(): Promise<void> {
    await this.#last;
    for (const propagation of this.#propagations) this.#drop(propagation);
  }

  async #apply(writes: readonly StagedWrite[], call: Call): Promise<void> {
    // whoever asks meanwhile must be able to meet this commit under way
    await nextTurn();
    const late = this.indexLagMs > 0 || this.#propagations.size > 0;
    const rows = writes.flatMap((write) => (late ? write.rows : [...write.rows, ...write.globalRows]));
    await writeRows(this.#store, rows);
    if (late) this.#propagate(writes);
    const changes = writes.map((write) => structuredClone(write.change));
    if (changes.length > 0) for (const listener of this.#listeners) listener(changes, call);
  }

  #propagate(writes: readonly StagedWrite[]): void {
    // never before an entry of an earlier commit, also when the lag was made shorter meanwhile
    this.#propagatedUntil = Math.max(this.#propagatedUntil, this.#clock.now() + this.indexLagMs);
    for (const table of new Set(writes.map((write) => write.change.table))) {
      const rows = writes.flatMap((write) => (write.change.table === table ? write.globalRows : []));
      if (rows.length > 0) this.#propagateTo(table, rows, this.#propagatedUntil);
    }
  }

  #propagateTo(table: string, rows: readonly Row[], at: number): void {
    const timer = this.#clock.at(at, async () => {
      this.#propagations.delete(propagation);
      await writeRows(this.#store, rows);
    });
    const propagation: Propagation = { table, timer };
    this.#propagations.add(propagation);
  }

  #drop(propagation: Propagation): void {
    propagation.timer.cancel();
    this.#propagations.delete(propagation);
  }
}
