import { AwsError, type Call } from '../../../service.ts';
import {
  checkExpressions,
  checkRequest,
  itemRow,
  readItem,
  readTable,
  type RequestTypes,
  requestTypes,
  type Store,
  storedKey,
} from './dynalite.ts';
import type { Engine } from './engine.ts';
import type { Item } from './item.ts';
import { failedWriteUnits, measureIndexes, writeUnits } from '../capacity/measure-capacity.ts';
import type { Meter } from '../capacity/meter.ts';
import { refuseEmptyIndexKey } from './refuse-empty-index-key.ts';
import { conflictRefusal, refusalName } from './refusals.ts';
import { type StagedWrite, stageWrite, type WriteAction, type WriteRequest } from './stage-write.ts';
import type { Table } from './table.ts';

const conditionFailed = 'ConditionalCheckFailedException';

/** dynalite does not know this member; its actions pass over it. */
export const returnOnFailure: RequestTypes = {
  ReturnValuesOnConditionCheckFailure: { type: 'String', enum: ['ALL_OLD', 'NONE'] },
};

/** The item that a write is about. */
export interface Target {
  readonly table: Table;
  /** The key that the store uses inside the table. */
  readonly key: string;
  /** What `ItemLocks` knows the item as. */
  readonly lock: string;
}

/** PutItem, UpdateItem and DeleteItem: checked, staged under the item's lock, committed. */
export async function writeItem(
  engine: Engine,
  action: WriteAction,
  { input, call, meter }: { input: object; call: Call; meter: Meter },
): Promise<object> {
  const request = parseWrite(action, input, engine.store);
  const target = locateItem(request, await readTable(engine.store, request.TableName));
  if (engine.locks.isInTransaction(target.lock)) throw conflictRefusal();
  const answer = await applyWrite(engine, { action, request, target, call, meter });
  return { ...answer, ...meter.one(request.ReturnConsumedCapacity) };
}

/** Stages and commits a write that was checked, when its turn comes, and gives dynalite's answer. */
export async function applyWrite(
  engine: Engine,
  write: { action: WriteAction; request: WriteRequest; target: Target; call: Call; meter: Meter },
): Promise<object> {
  const { action, request, target, call, meter } = write;
  const { table, key, lock } = target;
  return engine.locks.hold('write', [lock], async () => {
    const before = await readItem(engine.store, table.TableName, key);
    try {
      const staged = await stageWrite(engine.store, { action, request, table, before });
      await engine.log.commit([staged], call);
      meterWrite(meter, staged, 1);
      return withoutCapacity(staged.answer);
    } catch (error) {
      if (!(error instanceof AwsError) || refusalName(error) !== conditionFailed) throw error;
      meter.write({ table: table.TableName }, failedWriteUnits(before, request.Item));
      throw withOldItem(error, request, before);
    }
  });
}

/** Checks a request; throws ValidationException. */
function parseWrite(action: WriteAction, input: object, store: Store): WriteRequest {
  const request = checkRequest<WriteRequest>(input, { ...requestTypes(action), ...returnOnFailure }, store);
  checkExpressions(action, request, store);
  return request;
}

/** Finds the item in its table; throws ValidationException for a key that does not fit the table or an index. */
export function locateItem(request: { Item?: Item; Key?: Item }, table: Table): Target {
  const key = storedKey(request, table);
  if (request.Item) refuseEmptyIndexKey(table, request.Item, 'putItem');
  return { table, key, lock: itemRow(table.TableName, key) };
}

/** Counts the table's cost `factor` times; an index is updated after the commit, once. */
export function meterWrite(meter: Meter, { table, change }: StagedWrite, factor: number): void {
  const { before, after } = change;
  meter.write({ table: change.table }, factor * writeUnits(before, after));
  for (const { kind, index, units } of measureIndexes(table, before, after))
    meter.write({ table: change.table, index: { kind, name: index } }, units);
}

/** Adds the item that failed its condition, where the request asked for it. */
export function withOldItem(refusal: AwsError, request: WriteRequest, before: Item | undefined): AwsError {
  const wanted = request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  if (!wanted || !before || refusalName(refusal) !== conditionFailed) return refusal;
  return new AwsError(refusal.code, refusal.message, { members: { Item: before } });
}

// dynalite's own count leaves the indexes out
function withoutCapacity(answer: object): object {
  return { ...answer, ConsumedCapacity: undefined };
}
