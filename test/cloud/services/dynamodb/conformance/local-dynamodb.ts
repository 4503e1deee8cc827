import { Clock } from '../../../clock.ts';
import { Gateway } from '../../../gateway.ts';
import { createDynamoDb, type DynamoDb } from '../dynamodb.ts';

/** Our DynamoDB behind the local cloud's door. */
export interface LocalDynamoDb {
  readonly endpoint: string;
  readonly clock: Clock;
  readonly dynamoDb: DynamoDb;
  close(): Promise<void>;
}

/** What a client says to be let in. */
export const localCredentials = { accessKeyId: 'LOCALTEST', secretAccessKey: 'no secret' } as const;

export async function startLocalDynamoDb(): Promise<LocalDynamoDb> {
  const clock = new Clock();
  const dynamoDb = createDynamoDb({ clock });
  const gateway = new Gateway(clock);
  gateway.add(dynamoDb);
  gateway.admit({ accessKeyId: localCredentials.accessKeyId, name: 'tester' });
  const endpoint = await gateway.listen();
  const close = async (): Promise<void> => {
    await gateway.close();
    await dynamoDb.close();
    clock.stop();
  };
  return { endpoint, clock, dynamoDb, close };
}
