/** The limits of sealing the ledger, each with its reason. */

/** Entries in one batch, which is one order row and one signature. A batch of this size takes about a second. */
export const batchEntriesMax = 256;

/** Bytes of entries in one order row. The row is a DynamoDB item of at most 400 KB, and attribute names and numbers need a part of it. */
export const orderBytesMax = 300_000;

/** Bytes of one entry in an order row without its key: leaf hash, attribute names, shard. */
export const orderedEntryBytes = 128;

/** Batches in one run: this many fit into one invocation of the function. The next run continues. */
export const batchesPerRun = 16;

/** Markers of a sealed batch that are deleted concurrently. */
export const forgettingWidth = 8;

/** Ids in one line of the log. The others are only counted. */
export const namedMax = 10;

/**
 * The age at which an unsealed entry is suspicious. An entry is committed within seconds of its ULID, because functions run for at most
 * 30 seconds and their clocks differ by less than this. An unsealed entry that is older than sealed entries by more than this did not
 * exist when they were sealed.
 */
export const lateMs = 900_000;
