import { AwsError } from '../../service.ts';
import { emptyBatch, entryIdsNotDistinct, invalidBatchEntryId, tooManyEntries } from './refusals.ts';
import type { BatchEntry } from './requests.ts';

/** SQS takes at most ten entries in one batch. */
const entriesMax = 10;

interface BatchAnswer {
  readonly Successful?: readonly object[];
  readonly Failed?: readonly object[];
}

/** Throws SQS's error for a batch that is refused as a whole. */
export function checkEntries(entries: readonly BatchEntry[]): void {
  if (entries.length === 0) throw emptyBatch();
  if (entries.length > entriesMax) throw tooManyEntries(entries.length, entriesMax);
  const seen = new Set<string>();
  for (const { Id } of entries) {
    if (!/^[\w-]{1,80}$/.test(Id)) throw invalidBatchEntryId();
    if (seen.has(Id)) throw entryIdsNotDistinct(Id);
    seen.add(Id);
  }
}

/**
 * Performs the entries one by one: what SQS refuses goes to `Failed` under its id, the rest is done. An empty
 * list is left out of the answer, as SQS does.
 */
export function performEntries(
  entries: readonly BatchEntry[],
  perform: (entry: BatchEntry) => object,
): BatchAnswer {
  const successful: object[] = [];
  const failed: object[] = [];
  for (const entry of entries) {
    try {
      successful.push({ Id: entry.Id, ...perform(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.push({ Id: entry.Id, Code: shortCode(error), Message: error.message, SenderFault: true });
    }
  }
  return {
    ...(successful.length > 0 && { Successful: successful }),
    ...(failed.length > 0 && { Failed: failed }),
  };
}

function shortCode(error: AwsError): string {
  return error.code.slice(error.code.indexOf('#') + 1);
}
