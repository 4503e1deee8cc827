import {
  type ActionName,
  checkExpressions,
  checkRequest,
  readTable,
  type RequestTypes,
  requestTypes,
  runAction,
} from './dynalite.ts';
import type { Engine } from './engine.ts';
import type { Detail, Meter, Place } from '../capacity/meter.ts';
import { refuseUnprojected } from './refuse-unprojected.ts';

/** dynalite's action for a read. */
export type ReadAction = Extract<ActionName, 'getItem' | 'batchGetItem' | 'query' | 'scan'>;

/** A read that dynalite checked. */
interface ReadRequest {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly ConsistentRead?: boolean;
  readonly ReturnConsumedCapacity?: Detail;
}

interface Units {
  readonly CapacityUnits: number;
}

/** dynalite's count of what was read; for a read of many tables, one for each. */
interface Capacity extends Units {
  readonly TableName: string;
  readonly Table?: Units;
  readonly LocalSecondaryIndexes?: Readonly<Record<string, Units>>;
  readonly GlobalSecondaryIndexes?: Readonly<Record<string, Units>>;
}

/** dynalite's action honours this member; its description of a Scan leaves it out. */
const consistentScan: RequestTypes = { ConsistentRead: 'Boolean' };

/**
 * GetItem, BatchGetItem, Query and Scan are dynalite's, and so is the count of units: half of one for 4 KB of an
 * eventually consistent read, one for a consistent one
 * (docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html).
 * A base table always answers with what was committed.
 */
export async function readItems(
  engine: Engine,
  action: ReadAction,
  { input, meter }: { input: object; meter: Meter },
): Promise<object> {
  const types = action === 'scan' ? { ...requestTypes(action), ...consistentScan } : requestTypes(action);
  const request = checkRequest<ReadRequest>(input, types, engine.store);
  checkExpressions(action, request, engine.store);
  if (request.TableName !== undefined && request.IndexName !== undefined)
    refuseUnprojected(await readTable(engine.store, request.TableName), request.IndexName, request);
  const counted = { ...request, ReturnConsumedCapacity: 'INDEXES' };
  const { ConsumedCapacity: capacity, ...answer } = await runAction<{
    ConsumedCapacity?: Capacity | readonly Capacity[];
  }>(action, engine.store, counted);
  const least = request.ConsistentRead === true ? 1 : 0.5;
  for (const one of capacity === undefined ? [] : asList(capacity)) meterRead(meter, one, least);
  const detail = request.ReturnConsumedCapacity;
  return { ...answer, ...(action === 'batchGetItem' ? meter.list(detail) : meter.one(detail)) };
}

// a read that finds nothing costs the least there is, which dynalite leaves out for Query and Scan
function meterRead(meter: Meter, capacity: Capacity, least: number): void {
  const table = capacity.TableName;
  const places: { place: Place; units: number }[] = [];
  for (const kind of ['Local', 'Global'] as const)
    for (const [name, { CapacityUnits }] of Object.entries(capacity[`${kind}SecondaryIndexes`] ?? {}))
      places.push({ place: { table, index: { kind, name } }, units: CapacityUnits });
  const own = capacity.Table?.CapacityUnits ?? capacity.CapacityUnits;
  if (own > 0 || places.length === 0) places.push({ place: { table }, units: own });
  const nothing = places.every(({ units }) => units === 0);
  for (const { place, units } of places) meter.read(place, nothing ? least : units);
}

function asList<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
