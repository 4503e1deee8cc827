import type { Stack } from '../cloudformation/read-stack.ts';
import type { Services } from '../services.ts';
import type { TableInput } from '../services/dynamodb/dynamodb.ts';

/** Makes the tables, empty. */
export async function makeTables(stack: Stack, { dynamo }: Services): Promise<void> {
  for (const { name, properties } of stack.of('AWS::DynamoDB::Table'))
    await dynamo.createTable({ ...properties, TableName: name } as unknown as TableInput);
}
