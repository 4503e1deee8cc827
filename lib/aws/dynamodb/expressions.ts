import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { toItem } from './items/items.ts';

/** Returns names and values for expressions with `#name` and `:value`. `#name` always means the attribute `name`. */
export function placeholders(expressions: readonly (string | undefined)[], values: object) {
  const names = expressions.flatMap((expression) => expression?.match(/#\w+/g) ?? []);
  const used = toItem(Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])));
  return {
    ...(names.length > 0 && {
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [name, name.slice(1)])),
    }),
    ...(Object.keys(used).length > 0 && { ExpressionAttributeValues: used }),
  };
}

interface Condition {
  readonly if?: string;
  readonly values?: object;
}

export function put(table: string, row: object, condition: Condition = {}): TransactWriteItem {
  return {
    Put: {
      TableName: table,
      Item: toItem(row),
      ...(condition.if !== undefined && { ConditionExpression: condition.if }),
      ...placeholders([condition.if], condition.values ?? {}),
    },
  };
}

export function update(
  table: string,
  key: object,
  change: string,
  condition: Condition = {},
): TransactWriteItem {
  return {
    Update: {
      TableName: table,
      Key: toItem(key),
      UpdateExpression: change,
      ...(condition.if !== undefined && { ConditionExpression: condition.if }),
      ...placeholders([change, condition.if], condition.values ?? {}),
    },
  };
}

export function remove(table: string, key: object, condition: Condition = {}): TransactWriteItem {
  return {
    Delete: {
      TableName: table,
      Key: toItem(key),
      ...(condition.if !== undefined && { ConditionExpression: condition.if }),
      ...placeholders([condition.if], condition.values ?? {}),
    },
  };
}

export function check(
  table: string,
  key: object,
  condition: Required<Pick<Condition, 'if'>> & Condition,
): TransactWriteItem {
  return {
    ConditionCheck: {
      TableName: table,
      Key: toItem(key),
      ConditionExpression: condition.if,
      ...placeholders([condition.if], condition.values ?? {}),
    },
  };
}

export const isNew = { if: 'attribute_not_exists(#pk)' } as const;
