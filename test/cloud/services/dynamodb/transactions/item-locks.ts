/** What an operation wants an item for. */
export type Claim = 'transaction' | 'write' | 'read';

/**
 * Who works on which item. Claims on one item are served in the order of their arrival. A claim takes its place
 * in all its queues in one step, so that no two claims can wait for each other.
 *
 * Conflicts follow "Transaction conflict handling in DynamoDB"
 * (docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html):
 * - PutItem, UpdateItem or DeleteItem against an item of an ongoing TransactWriteItems is refused;
 * - so is an action of TransactWriteItems on an item of another ongoing TransactWriteItems;
 * - so is a get of TransactGetItems on an item of an ongoing write, whether transaction or not.
 * Whoever asks finds out with `isInTransaction` and `isBeingWritten` before it claims; the rest wait.
 */
export class ItemLocks {
  readonly #last = new Map<string, Promise<void>>();
  readonly #ongoing: Readonly<Record<Claim, Map<string, number>>> = {
    transaction: new Map(),
    write: new Map(),
    read: new Map(),
  };

  /** Whether a transaction holds the item or waits for it. */
  isInTransaction(item: string): boolean {
    return this.#ongoing.transaction.has(item);
  }

  /** Whether any write holds the item or waits for it. */
  isBeingWritten(item: string): boolean {
    return this.isInTransaction(item) || this.#ongoing.write.has(item);
  }

  /** Runs `run` while no other claim holds any of `items`; the items are claimed before this returns. */
  async hold<T>(claim: Claim, items: readonly string[], run: () => Promise<T>): Promise<T> {
    const earlier = items.flatMap((item) => this.#last.get(item) ?? []);
    const { promise: released, resolve: release } = withResolvers();
    for (const item of items) this.#last.set(item, released);
    this.#count(claim, items, 1);
    try {
      await Promise.all(earlier);
      return await run();
    } finally {
      this.#count(claim, items, -1);
      for (const item of items) if (this.#last.get(item) === released) this.#last.delete(item);
      release();
    }
  }

  #count(claim: Claim, items: readonly string[], by: 1 | -1): void {
    const counts = this.#ongoing[claim];
    for (const item of items) {
      const count = (counts.get(item) ?? 0) + by;
      if (count === 0) counts.delete(item);
      else counts.set(item, count);
    }
  }
}

// Promise.withResolvers is not in Node 20
function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
