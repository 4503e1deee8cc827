import { AwsError } from '../../../service.ts';
import { readTable, type Store } from '../store/dynalite.ts';
import type { Item } from '../store/item.ts';
import {
  cancelledRefusal,
  type CancellationReason,
  isEmptyKeyRefusal,
  noReason,
  reasonFor,
  validationRefusal,
} from '../store/refusals.ts';
import { locateItem, type Target } from '../store/write-item.ts';

interface Located {
  readonly TableName: string;
  readonly Item?: Item;
  readonly Key?: Item;
}

/**
 * Finds the items of a transaction, in the order of its actions. Throws ResourceNotFoundException for a table
 * that is not there, ValidationException for an empty key and for an item that is named twice, and
 * TransactionCanceledException for a key that does not fit its table.
 */
export async function locateTargets(store: Store, requests: readonly Located[]): Promise<readonly Target[]> {
  const tables = await Promise.all(requests.map((request) => readTable(store, request.TableName)));
  const targets: Target[] = [];
  const reasons = requests.map((request, position): CancellationReason => {
    const table = tables[position];
    if (!table) return noReason;
    try {
      targets.push(locateItem(request, table));
      return noReason;
    } catch (error) {
      if (!(error instanceof AwsError) || isEmptyKeyRefusal(error)) throw error;
      return reasonFor(error);
    }
  });
  refuseUnless(reasons);
  if (new Set(targets.map((target) => target.lock)).size < targets.length)
    throw validationRefusal('Transaction request cannot include multiple operations on one item');
  return targets;
}

/** Throws TransactionCanceledException unless every action has no reason to cancel. */
export function refuseUnless(reasons: readonly CancellationReason[]): void {
  if (reasons.some((reason) => reason.Code !== 'None')) throw cancelledRefusal(reasons);
}
