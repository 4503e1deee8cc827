/** Every number that bounds the sealing of the ledger, each with its reason. */

/** One order row, one signature: at this size a batch is a second's work. */
export const batchEntriesMax = 256;

/** An order row is one DynamoDB item of at most 400 KB; names and numbers take their part of it. */
export const orderBytesMax = 300_000;

/** What one entry takes in an order row beside its key: leaf hash, attribute names, shard. */
export const orderedEntryBytes = 128;

/** Sixteen batches fit into one life of the function; the next run goes on. */
export const batchesPerRun = 16;

/** Markers of a sealed batch that are deleted at the same time. */
export const forgettingWidth = 8;

/** Ids in one log line; the rest is a count. */
export const namedMax = 10;

/**
 * An entry is committed within seconds of its ULID: functions live 30 seconds, their clocks agree to less than this.
 * One that is older than sealed entries by more, and unsealed, was not there when they were sealed.
 */
export const lateMs = 900_000;
