import {
  type ActionName,
  checkExpressions,
  checkRequest,
  type RequestTypes,
  requestTypes,
  type Store,
} from '../store/dynalite.ts';
import type { Item } from '../store/item.ts';
import type { Detail } from '../capacity/meter.ts';
import { validationRefusal } from '../store/refusals.ts';
import type { WriteRequest } from '../store/stage-write.ts';
import { returnOnFailure } from '../store/write-item.ts';

/** "TransactWriteItems groups up to 100 action requests"; TransactGetItems takes as many. */
const actionsMax = 100;

/** What an action of a transaction does. */
export type ActionKind = 'Put' | 'Update' | 'Delete' | 'ConditionCheck';

/** dynalite's operation that has the members of an action. A check has those of a conditional delete. */
const operationOf = {
  Put: 'putItem',
  Update: 'updateItem',
  Delete: 'deleteItem',
  ConditionCheck: 'deleteItem',
} as const satisfies Record<ActionKind, ActionName>;

const kinds = Object.keys(operationOf) as readonly ActionKind[];

/** One action of TransactWriteItems, checked. */
export interface Action {
  readonly kind: ActionKind;
  readonly request: WriteRequest;
}

/** A TransactWriteItems that is right in itself. */
export interface WriteTransaction {
  readonly actions: readonly Action[];
  readonly token: string | undefined;
  readonly detail: Detail | undefined;
}

/** A get of TransactGetItems, checked. */
export interface Get {
  readonly TableName: string;
  readonly Key: Item;
}

/** Checks a TransactWriteItems; throws ValidationException for the first thing that is wrong. */
export function parseWriteTransaction(input: object, store: Store): WriteTransaction {
  const request = checkRequest<{
    readonly TransactItems: readonly Partial<Record<ActionKind, WriteRequest>>[];
    readonly ClientRequestToken?: string;
    readonly ReturnConsumedCapacity?: Detail;
  }>(input, writeTypes(), store);
  const actions = request.TransactItems.map((entry) => onlyAction(entry));
  for (const action of actions) checkExpressions(operationOf[action.kind], action.request, store);
  return { actions, token: request.ClientRequestToken, detail: request.ReturnConsumedCapacity };
}

/** Checks a TransactGetItems; throws ValidationException for the first thing that is wrong. */
export function parseReadTransaction(
  input: object,
  store: Store,
): { readonly gets: readonly Get[]; readonly detail: Detail | undefined } {
  const request = checkRequest<{
    readonly TransactItems: readonly { readonly Get: Get }[];
    readonly ReturnConsumedCapacity?: Detail;
  }>(input, readTypes(), store);
  const gets = request.TransactItems.map((entry) => entry.Get);
  for (const get of gets) checkExpressions('getItem', get, store);
  return { gets, detail: request.ReturnConsumedCapacity };
}

function onlyAction(entry: Partial<Record<ActionKind, WriteRequest>>): Action {
  const present = kinds.filter((kind) => entry[kind] !== undefined);
  const [kind] = present;
  const request = kind && entry[kind];
  if (!request || present.length > 1)
    throw validationRefusal('TransactItems can only contain one of Check, Put, Update or Delete');
  return { kind, request };
}

const common = ['TableName', 'ConditionExpression', 'ExpressionAttributeNames', 'ExpressionAttributeValues'];

// dynalite's own descriptions, put together as the API reference does
function writeTypes(): RequestTypes {
  return {
    ...pick(requestTypes('batchWriteItem'), ['ReturnConsumedCapacity', 'ReturnItemCollectionMetrics']),
    ClientRequestToken: { type: 'String', lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 36 },
    TransactItems: listOf('TransactWriteItem', {
      ConditionCheck: struct('ConditionCheck', {
        ...actionTypes('ConditionCheck', ['Key']),
        ConditionExpression: { type: 'String', notNull: true },
      }),
      Put: struct('Put', actionTypes('Put', ['Item'])),
      Delete: struct('Delete', actionTypes('Delete', ['Key'])),
      Update: struct('Update', {
        ...actionTypes('Update', ['Key']),
        UpdateExpression: { type: 'String', notNull: true },
      }),
    }),
  };
}

function readTypes(): RequestTypes {
  const get = pick(requestTypes('getItem'), [
    'TableName',
    'Key',
    'ProjectionExpression',
    'ExpressionAttributeNames',
  ]);
  return {
    ...pick(requestTypes('getItem'), ['ReturnConsumedCapacity']),
    TransactItems: listOf('TransactGetItem', { Get: { ...struct('Get', get), notNull: true } }),
  };
}

function actionTypes(kind: ActionKind, own: readonly string[]): RequestTypes {
  return { ...pick(requestTypes(operationOf[kind]), [...common, ...own]), ...returnOnFailure };
}

function listOf(name: string, children: RequestTypes): object {
  return {
    type: 'List',
    notNull: true,
    lengthGreaterThanOrEqual: 1,
    lengthLessThanOrEqual: actionsMax,
    children: { type: `ValueStruct<${name}>`, children },
  };
}

function struct(name: string, children: RequestTypes): object {
  return { type: `FieldStruct<${name}>`, children };
}

function pick(types: RequestTypes, names: readonly string[]): RequestTypes {
  return Object.fromEntries(names.map((name) => [name, types[name]]));
}
