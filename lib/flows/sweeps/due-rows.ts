import { duePage, dueShards } from '../../domain/limits.ts';

/** Rows of one due shard with a time at or before `dueBy`, oldest first, page by page as they are asked for. */
export type DueShard<Row> = (shard: number, dueBy: string, pageRows: number) => AsyncIterable<readonly Row[]>;

/** Sweeps run every minute. */
const sweepMs = 60_000;

/** Yields all due rows, shard by shard. Each run begins with another shard: runs that end early do not always skip the same ones. */
export async function* dueRows<Row>(due: DueShard<Row>, dueBy: string, now: number): AsyncGenerator<Row> {
  const first = Math.floor(now / sweepMs) % dueShards;
  for (let turn = 0; turn < dueShards; turn += 1)
    for await (const page of due((first + turn) % dueShards, dueBy, duePage)) yield* page;
}
