import { Clock } from '../../../clock.ts';
import { AwsError, type Call } from '../../../service.ts';
import { createDynamoDb, type Item, type TableInput } from '../dynamodb.ts';

/** A table `Cases` with key `pk` and a KEYS_ONLY index `by-due` on `due`. */
export const casesTable: TableInput = {
  TableName: 'Cases',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'due', AttributeType: 'S' },
  ],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-due',
      KeySchema: [{ AttributeName: 'due', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
};

export const key = (pk: string): Item => ({ pk: { S: pk } });

/** A put of a transaction on `Cases`. */
export const putAction = (item: Item, rest: object = {}) => ({
  Put: { TableName: 'Cases', Item: item, ...rest },
});

/** The update of `Cases` that adds one to `n`. */
export const counting = (pk: string) => ({
  TableName: 'Cases',
  Key: key(pk),
  UpdateExpression: 'ADD n :one',
  ExpressionAttributeValues: { ':one': { N: '1' } },
});

/** The same as an action of a transaction. */
export const countAction = (pk: string) => ({ Update: counting(pk) });

/** A DynamoDB that is called without a wire: what starts in one turn of the event loop overlaps. */
export class Direct {
  readonly clock = new Clock();
  readonly dynamoDb = createDynamoDb({ clock: this.clock });

  async send(operation: string, input: object): Promise<Record<string, unknown>> {
    const perform = this.dynamoDb.operations[operation];
    if (!perform) throw new Error(`no operation ${operation}`);
    const caller = { accessKeyId: 'KEY', name: 'worker' };
    const call: Call = { caller, service: 'dynamodb', operation, input, arrivedAt: this.clock.now() };
    return (await perform(input as Record<string, unknown>, call)) as Record<string, unknown>;
  }

  async onCases(operation: string, input: object = {}): Promise<Record<string, unknown>> {
    return this.send(operation, { TableName: 'Cases', ...input });
  }

  async put(item: Item, rest: object = {}): Promise<void> {
    await this.onCases('PutItem', { Item: item, ...rest });
  }

  async transact(items: readonly object[], rest: object = {}): Promise<void> {
    await this.send('TransactWriteItems', { TransactItems: items, ...rest });
  }

  /** What the index finds. */
  async dueAt(due: string): Promise<unknown> {
    const answer = await this.onCases('Query', {
      IndexName: 'by-due',
      KeyConditionExpression: 'due = :due',
      ExpressionAttributeValues: { ':due': { S: due } },
    });
    return answer['Items'];
  }

  async close(): Promise<void> {
    await this.dynamoDb.close();
    this.clock.stop();
  }
}

/** What the call was refused with; throws when it was not refused. */
export async function refusalOf(call: Promise<unknown>): Promise<AwsError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
  throw new Error('the call was not refused');
}

/** The codes of a cancelled transaction's reasons. */
export function codesOf(refusal: AwsError): readonly string[] {
  const reasons = refusal.members['CancellationReasons'] as readonly { readonly Code: string }[];
  return reasons.map((reason) => reason.Code);
}
