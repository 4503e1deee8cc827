import {
  type ActionStore,
  indexRow,
  itemRow,
  type Row,
  runAction,
  type Store,
  type SubStore,
} from './dynalite.ts';
import { type Item, pickAttributes } from './item.ts';
import { refuseEmptyIndexKey } from './refuse-empty-index-key.ts';
import { keyNames, type Table } from './table.ts';

/** A change of one item. Both sides are absent when an item that was not there was deleted. */
export interface Change {
  readonly table: string;
  readonly key: Item;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** dynalite's action for a write of one item. */
export type WriteAction = 'putItem' | 'updateItem' | 'deleteItem';

/** A write of one item that dynalite checked. */
export interface WriteRequest {
  readonly TableName: string;
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ReturnConsumedCapacity?: 'INDEXES' | 'TOTAL' | 'NONE';
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE';
}

/** A write that was computed and is not committed. */
export interface StagedWrite {
  readonly table: Table;
  readonly change: Change;
  /** The item, and its entries in local indexes: visible at once. */
  readonly rows: readonly Row[];
  /** Entries in global indexes: visible when they get there. */
  readonly globalRows: readonly Row[];
  /** What the operation answers, without the capacity. */
  readonly answer: object;
}

/**
 * Lets dynalite's own action compute what a write does to `before`, and captures the rows instead of writing
 * them. Throws what the action refuses: ConditionalCheckFailedException, ValidationException.
 */
export async function stageWrite(
  store: Store,
  write: { action: WriteAction; request: WriteRequest; table: Table; before: Item | undefined },
): Promise<StagedWrite> {
  const { action, request, table, before } = write;
  const stage = openStage(store, table, before);
  const answer = await runAction<object>(action, stage.store, request);
  const { rows, globalRows } = stage;
  const after = stage.after();
  if (after && action === 'updateItem') refuseEmptyIndexKey(table, after, action);
  // from the item, because updateItem writes into the key of its request where there was no item
  const key = pickAttributes(after ?? before ?? request.Key ?? {}, keyNames(table.KeySchema));
  return { table, change: { table: table.TableName, key, before, after }, rows, globalRows, answer };
}

function openStage(store: Store, table: Table, before: Item | undefined) {
  const rows: Row[] = [];
  const globalRows: Row[] = [];
  let after: Item | undefined;
  const items: SubStore = {
    ...captureInto(rows, (key) => itemRow(table.TableName, key)),
    get: (_key, callback) => callback(null, before),
    put(key, value, callback) {
      after = plain(value);
      rows.push({ type: 'put', key: itemRow(table.TableName, key), value: after });
      callback(null);
    },
  };
  const actionStore: ActionStore = {
    options: store.options,
    getTable: (_name, callback) => callback(null, table),
    getItemDb: () => items,
    getIndexDb: (kind, tableName, index) =>
      captureInto(kind === 'Global' ? globalRows : rows, (key) => indexRow(kind, tableName, index, key)),
  };
  return { store: actionStore, rows, globalRows, after: () => after };
}

// the lock is held by whoever stages
function captureInto(rows: Row[], rowOf: (key: string) => string): SubStore {
  return {
    lock: (_key, run) => run((callback) => callback),
    get: (_key, callback) => callback(null),
    put(key, value, callback) {
      rows.push({ type: 'put', key: rowOf(key), value: plain(value) });
      callback(null);
    },
    del(key, callback) {
      rows.push({ type: 'del', key: rowOf(key) });
      callback(null);
    },
  };
}

// a copy that shares nothing with the request, with ordinary objects where dynalite uses bare ones
function plain(item: Item): Item {
  return structuredClone(item);
}
