import { itemBytes, readItem, runAction } from '../store/dynalite.ts';
import type { Engine } from '../store/engine.ts';
import type { Item } from '../store/item.ts';
import { readUnits, transactionFactor } from '../capacity/measure-capacity.ts';
import type { Meter } from '../capacity/meter.ts';
import { conflictReason, noReason, validationRefusal } from '../store/refusals.ts';
import { parseReadTransaction } from './transaction-request.ts';
import { locateTargets, refuseUnless } from './transaction-targets.ts';

/** "The aggregate size of the items in the transaction cannot exceed 4 MB." */
const transactionBytesMax = 4 * 1024 * 1024;

/** TransactGetItems: all items as of one moment, or TransactionCanceledException where one is being written. */
export async function transactGet(
  engine: Engine,
  { input, meter }: { input: object; meter: Meter },
): Promise<object> {
  const { store, locks } = engine;
  const { gets, detail } = parseReadTransaction(input, store);
  const targets = await locateTargets(store, gets);
  const items = targets.map((target) => target.lock);
  refuseUnless(items.map((item) => (locks.isBeingWritten(item) ? conflictReason : noReason)));
  return locks.hold('read', items, async () => {
    let bytes = 0;
    for (const { table, key } of targets) {
      const item = await readItem(store, table.TableName, key);
      meter.read({ table: table.TableName }, transactionFactor * readUnits(item));
      bytes += item ? itemBytes(item) : 0;
    }
    if (bytes > transactionBytesMax)
      throw validationRefusal('The aggregate size of the items in the transaction exceeds 4 MB');
    const answers = await Promise.all(gets.map((get) => runAction<{ Item?: Item }>('getItem', store, get)));
    const responses = answers.map(({ Item: item }) => (item ? { Item: item } : {}));
    return { Responses: responses, ...meter.transaction(detail) };
  });
}
