import { isDeepStrictEqual } from 'node:util';
import { itemBytes } from '../store/dynalite.ts';
import { type Item, pickAttributes } from '../store/item.ts';
import { type Index, keyNames, projectedNames, type Table } from '../store/table.ts';

/** Transactions cost two underlying reads or writes of every item: one to prepare, one to commit. */
export const transactionFactor = 2;

/** Units that a write costs one index. */
export interface IndexCost {
  readonly kind: 'Local' | 'Global';
  readonly index: string;
  readonly units: number;
}

/** "Write capacity units: item sizes are rounded up to the next 1 KB"; a write costs at least one. */
export function writeUnits(...sizes: readonly (Item | undefined)[]): number {
  return unitsOf(1024, sizes);
}

/** "Item sizes for reads are rounded up to the next 4 KB multiple"; reading nothing costs as much as 4 KB. */
export function readUnits(item: Item | undefined): number {
  return unitsOf(4096, [item]);
}

/**
 * A condition that failed "still consumes write capacity units": one for an item that was not there, else by
 * the size of the item (docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html).
 */
export function failedWriteUnits(before: Item | undefined, intended: Item | undefined): number {
  return before ? writeUnits(before, intended) : 1;
}

/**
 * What a write costs the table's indexes ("Write capacity units" in
 * docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html): nothing where no projected attribute
 * changes, one write to put, change or remove an entry, two where the index key changes.
 */
export function measureIndexes(
  table: Table,
  before: Item | undefined,
  after: Item | undefined,
): readonly IndexCost[] {
  const costs: IndexCost[] = [];
  for (const kind of ['Local', 'Global'] as const)
    for (const index of table[`${kind}SecondaryIndexes`] ?? []) {
      const units = entryUnits(index, entryOf(table, index, before), entryOf(table, index, after));
      if (units > 0) costs.push({ kind, index: index.IndexName, units });
    }
  return costs;
}

function entryUnits(index: Index, before: Item | undefined, after: Item | undefined): number {
  if (!before && !after) return 0;
  if (!before || !after) return writeUnits(before, after);
  const key = keyNames(index.KeySchema);
  const moved = !isSame(pickAttributes(before, key), pickAttributes(after, key));
  if (moved) return writeUnits(before) + writeUnits(after);
  return isSame(before, after) ? 0 : writeUnits(before, after);
}

// an index is sparse: without its key attributes an item has no entry
function entryOf(table: Table, index: Index, item: Item | undefined): Item | undefined {
  if (!item || keyNames(index.KeySchema).some((name) => item[name] === undefined)) return undefined;
  const names = projectedNames(table, index);
  return names === 'all' ? item : pickAttributes(item, names);
}

// cloned because dynalite's items have no prototype, which a strict comparison would count
function isSame(one: Item, other: Item): boolean {
  return isDeepStrictEqual(structuredClone(one), structuredClone(other));
}

function unitsOf(bytes: number, items: readonly (Item | undefined)[]): number {
  const largest = Math.max(0, ...items.map((item) => (item ? itemBytes(item) : 0)));
  return Math.max(1, Math.ceil(largest / bytes));
}
