import type { Clock } from '../../clock.ts';
import type { LocalService, Operation } from '../../service.ts';
import { writeBatch } from './store/batch-write.ts';
import type { CommitListener } from './transactions/commit-log.ts';
import { closeStore, readTable, readWholeTable } from './store/dynalite.ts';
import { type Engine, openEngine } from './store/engine.ts';
import type { Item } from './store/item.ts';
import { createActiveTable, manageTables } from './store/manage-tables.ts';
import { type Consumed, Meter } from './capacity/meter.ts';
import { readItems } from './store/read-items.ts';
import type { TableInput } from './store/table.ts';
import { transactGet } from './transactions/transact-get.ts';
import { transactWrite } from './transactions/transact-write.ts';
import { writeItem } from './store/write-item.ts';

export type { Item } from './store/item.ts';
export type { Consumed } from './capacity/meter.ts';
export type { Change } from './store/stage-write.ts';
export type { TableInput } from './store/table.ts';

/** Is told what each call cost, refused or not. Must not throw. */
type ConsumedListener = (consumed: Consumed) => void;

/** DynamoDB in this process: dynalite's actions, and the transactions that dynalite does not have. */
export interface DynamoDb extends LocalService {
  /** Resolves when the table can be used. */
  createTable(input: TableInput): Promise<void>;
  /** Tells of each committed write, and once of each committed transaction; the function given stops it. */
  onCommit(listener: CommitListener): () => void;
  /** Tells what each call on items cost; the function given stops it. */
  onConsumed(listener: ConsumedListener): () => void;
  /** From now on entries of global indexes become visible `ms` of the world's clock after the commit. */
  setIndexLag(ms: number): void;
  /** Every committed item of a table, in no order that means anything. */
  items(table: string): Promise<readonly Item[]>;
  /** Waits for the running commits; no operation works afterwards. */
  close(): Promise<void>;
}

type Metered = (request: Parameters<typeof writeItem>[2]) => Promise<object>;

/** A DynamoDB without a table, on the world's clock. */
export function createDynamoDb({ clock }: { clock: Clock }): DynamoDb {
  const engine = openEngine(clock);
  const listeners = new Set<ConsumedListener>();
  return {
    name: 'dynamodb',
    target: 'DynamoDB_20120810',
    contentType: 'application/x-amz-json-1.0',
    operations: operationsOf(engine, listeners),
    createTable: (input) => createActiveTable(engine, input),
    onCommit: (listener) => engine.log.listen(listener),
    onConsumed(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    setIndexLag(ms) {
      engine.log.indexLagMs = ms;
    },
    async items(table) {
      await readTable(engine.store, table);
      return readWholeTable(engine.store, table);
    },
    async close() {
      await engine.log.close();
      await closeStore(engine.store);
    },
  };
}

function operationsOf(
  engine: Engine,
  listeners: ReadonlySet<ConsumedListener>,
): Readonly<Record<string, Operation>> {
  const metered =
    (perform: Metered): Operation =>
    async (input, call) => {
      const meter = new Meter();
      try {
        return await perform({ input, call, meter });
      } finally {
        for (const listener of listeners) listener(meter.consumed(call));
      }
    };
  return {
    GetItem: metered((request) => readItems(engine, 'getItem', request)),
    BatchGetItem: metered((request) => readItems(engine, 'batchGetItem', request)),
    Query: metered((request) => readItems(engine, 'query', request)),
    Scan: metered((request) => readItems(engine, 'scan', request)),
    PutItem: metered((request) => writeItem(engine, 'putItem', request)),
    UpdateItem: metered((request) => writeItem(engine, 'updateItem', request)),
    DeleteItem: metered((request) => writeItem(engine, 'deleteItem', request)),
    BatchWriteItem: metered((request) => writeBatch(engine, request)),
    TransactWriteItems: metered((request) => transactWrite(engine, request)),
    TransactGetItems: metered((request) => transactGet(engine, request)),
    CreateTable: (input) => manageTables(engine, 'createTable', input),
    DeleteTable: (input) => manageTables(engine, 'deleteTable', input),
    DescribeTable: (input) => manageTables(engine, 'describeTable', input),
    ListTables: (input) => manageTables(engine, 'listTables', input),
  };
}
