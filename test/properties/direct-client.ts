import { type DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { AwsError, type Call } from '../cloud/service.ts';
import type { DynamoDb } from '../cloud/services/dynamodb/dynamodb.ts';

/**
 * The SDK's client without the wire: a thousand histories in a minute. The wire itself is what every other suite goes over.
 * Errors come as the SDK's classes, for those that the adapters tell apart.
 */
export function directClient(dynamoDb: DynamoDb): DynamoDBClient {
  const caller = { accessKeyId: 'LOCALTEST', name: 'tester' };
  const send = async ({
    constructor: { name },
    input,
  }: {
    readonly constructor: { readonly name: string };
    readonly input: object;
  }) => {
    const operation = name.replace(/Command$/, '');
    const perform = dynamoDb.operations[operation];
    if (!perform) throw new Error(`no operation ${operation}`);
    const call: Call = { caller, service: 'dynamodb', operation, input, arrivedAt: 0 };
    try {
      // what is sent is text: nothing is shared with the sender, and undefined members are not there
      return await perform(JSON.parse(JSON.stringify(input)) as Record<string, unknown>, call);
    } catch (error) {
      throw error instanceof AwsError ? asSdkError(error) : error;
    }
  };
  return { send } as unknown as DynamoDBClient;
}

function asSdkError(error: AwsError): Error {
  const { message, members } = error;
  const type = error.code.split('#').at(-1);
  const shared = { message, $metadata: {} };
  if (type === 'TransactionCanceledException')
    return new TransactionCanceledException({ ...shared, ...members });
  if (type === 'ConditionalCheckFailedException')
    return new ConditionalCheckFailedException({ ...shared, ...members });
  return error;
}
