import * as z from 'zod';
import type { Stack } from '../../cloudformation/read-stack.ts';
import type { Directory, TableFacts } from '../language/authorization.ts';

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const index = z.object({ IndexName: z.string(), KeySchema: keySchema });
const table = z.object({
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z.array(index).default([]),
  LocalSecondaryIndexes: z.array(index).default([]),
  // without a key of the customer's it is AWS's own: nobody is asked
  SSESpecification: z.object({ KMSMasterKeyId: z.string().optional() }).default({}),
});
const queue = z.object({ KmsMasterKeyId: z.string().optional() });

/** What the template says of tables and queues; secrets and keys come and go while the world runs, and `live` knows them. */
export function directoryOf(
  stack: Stack,
  place: Pick<Directory, 'account' | 'region'>,
  live: Pick<Directory, 'secret' | 'keyArn'>,
): Directory {
  const keyArnOf = (id: string | undefined) => (id === undefined ? undefined : (live.keyArn(id) ?? id));
  const tables = new Map(
    stack
      .of('AWS::DynamoDB::Table')
      .map(({ name, arn, properties }) => [name, readTable(arn, properties, keyArnOf)] as const),
  );
  const queues = new Map(
    stack
      .of('AWS::SQS::Queue')
      .map(({ arn, properties }) => [arn, keyArnOf(queue.parse(properties).KmsMasterKeyId)] as const),
  );
  return {
    account: place.account,
    region: place.region,
    table: (name) => tables.get(name.replace(/^arn:.*:table\//, '')),
    secret: (id) => live.secret(id),
    keyArn: (id) => live.keyArn(id),
    keyOfQueue: (arn) => queues.get(arn),
  };
}

function readTable(
  arn: string,
  properties: unknown,
  keyArnOf: (id: string | undefined) => string | undefined,
): TableFacts {
  const read = table.parse(properties);
  const keyArn = keyArnOf(read.SSESpecification.KMSMasterKeyId);
  const indexes = [...read.GlobalSecondaryIndexes, ...read.LocalSecondaryIndexes];
  return {
    arn,
    partitionKey: partitionKeyOf(read.KeySchema),
    indexes: new Map(indexes.map(({ IndexName, KeySchema }) => [IndexName, partitionKeyOf(KeySchema)])),
    ...(keyArn !== undefined && { keyArn }),
  };
}

function partitionKeyOf(schema: z.output<typeof keySchema>): string {
  const hash = schema.find(({ KeyType }) => KeyType === 'HASH');
  if (!hash) throw new Error('A key schema of the template has no partition key.');
  return hash.AttributeName;
}
