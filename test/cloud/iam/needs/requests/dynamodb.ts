import * as z from 'zod';
import { type Authorization, contextOf, type Directory, type Needs } from '../../language/authorization.ts';

const attribute = z.record(z.string(), z.unknown());
const item = z.record(z.string(), attribute);
const tableName = z.string().min(1);
const put = z.object({ TableName: tableName, Item: item });
const keyed = z.object({ TableName: tableName, Key: item });
const indexed = z.object({ TableName: tableName, IndexName: z.string().optional() });
const query = indexed.extend({
  KeyConditionExpression: z.string(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).default({}),
  ExpressionAttributeValues: item.default({}),
});
const batchGet = z.object({ RequestItems: z.record(tableName, z.object({ Keys: z.array(item) })) });
const batchWrite = z.object({
  RequestItems: z.record(
    tableName,
    z.array(
      z.union([
        z.strictObject({ PutRequest: z.object({ Item: item }) }),
        z.strictObject({ DeleteRequest: z.object({ Key: item }) }),
      ]),
    ),
  ),
});
const transactGet = z.object({ TransactItems: z.array(z.strictObject({ Get: keyed })) });
const transactWrite = z.object({
  TransactItems: z.array(
    z.union([
      z.strictObject({ Put: put }),
      z.strictObject({ Update: keyed }),
      z.strictObject({ Delete: keyed }),
      z.strictObject({ ConditionCheck: keyed }),
    ]),
  ),
});

type Item = z.output<typeof item>;

/**
 * Actions, resources and keys:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 * Leading keys: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 * of GetItem, BatchGetItem, Query, PutItem, UpdateItem, DeleteItem and BatchWriteItem; a Scan has none.
 */
export const dynamoDbNeeds: Needs = {
  GetItem: (input, directory) => oneItem('GetItem', keyed.parse(input), directory),
  PutItem: (input, directory) => oneItem('PutItem', put.parse(input), directory),
  UpdateItem: (input, directory) => oneItem('UpdateItem', keyed.parse(input), directory),
  DeleteItem: (input, directory) => oneItem('DeleteItem', keyed.parse(input), directory),
  BatchGetItem: (input, directory) =>
    Object.entries(batchGet.parse(input).RequestItems).map(([table, { Keys }]) =>
      onTable('BatchGetItem', { table, items: Keys }, directory),
    ),
  BatchWriteItem: (input, directory) =>
    Object.entries(batchWrite.parse(input).RequestItems).map(([table, requests]) => {
      const items = requests.map((request) =>
        'PutRequest' in request ? request.PutRequest.Item : request.DeleteRequest.Key,
      );
      return onTable('BatchWriteItem', { table, items }, directory);
    }),
  // "Permissions for Put, Update, Delete, and Get actions are governed by the permissions used for the underlying PutItem,
  // UpdateItem, DeleteItem, and GetItem operations": https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
  TransactGetItems: (input, directory) =>
    transactGet
      .parse(input)
      .TransactItems.flatMap(({ Get }) => oneItem('GetItem', Get, directory, 'TransactGetItems')),
  TransactWriteItems: (input, directory) =>
    transactWrite.parse(input).TransactItems.flatMap((action) => {
      const [name, of] = transactAction(action);
      return oneItem(name, of, directory, 'TransactWriteItems');
    }),
  Query: (input, directory) => {
    const request = query.parse(input);
    const { TableName, IndexName } = request;
    const table = directory.table(TableName);
    // AWS says nothing of the leading keys of an index: taken to be what is asked for by its partition key
    const key = IndexName === undefined ? table?.partitionKey : table?.indexes.get(IndexName);
    return [
      {
        action: 'dynamodb:Query',
        resource: resourceOf(request, directory),
        context: contextOf({
          'dynamodb:LeadingKeys': key === undefined ? undefined : askedFor(request, key),
        }),
      },
    ];
  },
  Scan: (input, directory) => [
    { action: 'dynamodb:Scan', resource: resourceOf(indexed.parse(input), directory), context: new Map() },
  ],
};

/** The tables that a call reads or writes. */
export function tablesOf(needed: readonly Authorization[]): ReadonlySet<string> {
  return new Set(needed.map(({ resource }) => resource.replace(/\/index\/.*$/, '')));
}

function transactAction(
  action: z.output<typeof transactWrite>['TransactItems'][number],
): [name: string, of: z.output<typeof put> | z.output<typeof keyed>] {
  if ('Put' in action) return ['PutItem', action.Put];
  if ('Update' in action) return ['UpdateItem', action.Update];
  if ('Delete' in action) return ['DeleteItem', action.Delete];
  return ['ConditionCheckItem', action.ConditionCheck];
}

function oneItem(
  action: string,
  request: z.output<typeof put> | z.output<typeof keyed>,
  directory: Directory,
  enclosing?: string,
): readonly [Authorization] {
  const items = ['Item' in request ? request.Item : request.Key];
  return [onTable(action, { table: request.TableName, items, enclosing }, directory)];
}

function onTable(
  action: string,
  asked: { readonly table: string; readonly items: readonly Item[]; readonly enclosing?: string | undefined },
  directory: Directory,
): Authorization {
  const key = directory.table(asked.table)?.partitionKey;
  const leading = key === undefined ? [] : asked.items.flatMap((one) => textOf(one[key]) ?? []);
  return {
    action: `dynamodb:${action}`,
    resource: resourceOf({ TableName: asked.table }, directory),
    context: contextOf({
      'dynamodb:LeadingKeys': [...new Set(leading)],
      'dynamodb:EnclosingOperation': asked.enclosing,
    }),
  };
}

function resourceOf(
  { TableName, IndexName }: { readonly TableName: string; readonly IndexName?: string | undefined },
  { account, region }: Directory,
): string {
  const table = TableName.startsWith('arn:')
    ? TableName
    : `arn:aws:dynamodb:${region}:${account}:table/${TableName}`;
  return IndexName === undefined ? table : `${table}/index/${IndexName}`;
}

/** The value that a Query asks its partition key to equal. */
function askedFor(request: z.output<typeof query>, key: string): string[] {
  return [...request.KeyConditionExpression.matchAll(/(#?[\w.-]+)\s*=\s*(:\w+)/g)].flatMap(
    ([, name = '', value = '']) => {
      if ((request.ExpressionAttributeNames[name] ?? name) !== key) return [];
      return textOf(request.ExpressionAttributeValues[value]) ?? [];
    },
  );
}

/** A key is a string, a number or bytes: all are text on the wire. */
function textOf(value: z.output<typeof attribute> | undefined): string | undefined {
  const [text] = Object.values(value ?? {});
  return typeof text === 'string' ? text : undefined;
}
