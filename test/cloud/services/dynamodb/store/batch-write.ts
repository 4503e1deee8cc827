import type { Call } from '../../../service.ts';
import {
  type ActionStore,
  checkExpressions,
  checkRequest,
  readTable,
  requestTypes,
  runAction,
  type Store,
  type SubStore,
} from './dynalite.ts';
import type { Engine } from './engine.ts';
import type { Item } from './item.ts';
import type { Detail, Meter } from '../capacity/meter.ts';
import type { WriteAction, WriteRequest } from './stage-write.ts';
import { applyWrite, locateItem, type Target } from './write-item.ts';

interface Entry {
  readonly PutRequest?: { readonly Item: Item };
  readonly DeleteRequest?: { readonly Key: Item };
}

interface BatchRequest {
  readonly RequestItems: Readonly<Record<string, readonly Entry[]>>;
  readonly ReturnConsumedCapacity?: Detail;
}

interface Planned {
  readonly entry: Entry;
  readonly action: WriteAction;
  readonly request: WriteRequest;
  readonly target: Target;
}

/**
 * BatchWriteItem: the whole call is checked, then each put or delete commits on its own. An item that a running
 * transaction holds comes back in `UnprocessedItems`: AWS does not say what it does there, and a caller must be
 * ready for that answer.
 */
export async function writeBatch(
  engine: Engine,
  { input, call, meter }: { input: object; call: Call; meter: Meter },
): Promise<object> {
  const batch = checkRequest<BatchRequest>(input, requestTypes('batchWriteItem'), engine.store);
  checkExpressions('batchWriteItem', batch, engine.store);
  await runAction('batchWriteItem', deafStore(engine.store), batch);
  const planned = await planWrites(engine.store, batch);
  const unprocessed: Record<string, Entry[]> = {};
  await Promise.all(
    planned.map(async ({ entry, action, request, target }) => {
      if (engine.locks.isInTransaction(target.lock)) (unprocessed[request.TableName] ??= []).push(entry);
      else await applyWrite(engine, { action, request, target, call, meter });
    }),
  );
  return { UnprocessedItems: unprocessed, ...meter.list(batch.ReturnConsumedCapacity) };
}

async function planWrites(store: Store, batch: BatchRequest): Promise<readonly Planned[]> {
  const planned: Planned[] = [];
  for (const [name, entries] of Object.entries(batch.RequestItems)) {
    const table = await readTable(store, name);
    for (const entry of entries) {
      const { action, request } = asWrite(name, entry);
      planned.push({ entry, action, request, target: locateItem(request, table) });
    }
  }
  return planned;
}

function asWrite(table: string, entry: Entry): { action: WriteAction; request: WriteRequest } {
  if (entry.PutRequest)
    return { action: 'putItem', request: { TableName: table, Item: entry.PutRequest.Item } };
  return { action: 'deleteItem', request: { TableName: table, Key: entry.DeleteRequest?.Key ?? {} } };
}

// dynalite's action makes all its checks against this store, and writes nowhere
function deafStore(store: Store): ActionStore {
  const nowhere: SubStore = {
    lock: (_key, run) => run((callback) => callback),
    get: (_key, callback) => callback(null),
    put: (_key, _value, callback) => callback(null),
    del: (_key, callback) => callback(null),
  };
  return {
    options: store.options,
    getTable: (name, callback) => store.getTable(name, callback),
    getItemDb: () => nowhere,
    getIndexDb: () => nowhere,
  };
}
