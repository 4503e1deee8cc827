import { randomBytes } from 'node:crypto';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

/** A DynamoDB to hold the suite against, with two tables of its own. */
export interface Connection {
  readonly client: DynamoDBClient;
  /** Key `pk` and `sk`; index `by-due` on `lane` and `due` (everything), `by-kind` on `kind` (keys only). */
  readonly table: string;
  /** Key `pk`. */
  readonly other: string;
  /** Deletes the tables. */
  cleanUp(): Promise<void>;
}

/** More than a table of a test ever takes to become active. */
const tableWaitSeconds = 120;

/** Connects and creates the two tables under a random prefix. One attempt a call: a refusal is what is tested. */
export async function connect(config: DynamoDBClientConfig): Promise<Connection> {
  const client = new DynamoDBClient({ ...config, maxAttempts: 1 });
  const prefix = `rescind-conformance-${randomBytes(4).toString('hex')}`;
  const table = `${prefix}-main`;
  const other = `${prefix}-other`;
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
        { AttributeName: 'lane', AttributeType: 'S' },
        { AttributeName: 'due', AttributeType: 'N' },
        { AttributeName: 'kind', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-due',
          KeySchema: [
            { AttributeName: 'lane', KeyType: 'HASH' },
            { AttributeName: 'due', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
        {
          IndexName: 'by-kind',
          KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
  await client.send(
    new CreateTableCommand({
      TableName: other,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
  const wait = { client, maxWaitTime: tableWaitSeconds, minDelay: 1, maxDelay: 2 };
  for (const TableName of [table, other]) await waitUntilTableExists(wait, { TableName });
  const cleanUp = async (): Promise<void> => {
    for (const TableName of [table, other]) await client.send(new DeleteTableCommand({ TableName }));
    client.destroy();
  };
  return { client, table, other, cleanUp };
}
