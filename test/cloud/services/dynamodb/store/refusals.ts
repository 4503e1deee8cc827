import { AwsError } from '../../../service.ts';
import type { Item } from './item.ts';

const dynamoDb = 'com.amazonaws.dynamodb.v20120810#';

/** Why one action of a transaction stood in the way, at the position of the action. */
export interface CancellationReason {
  readonly Code: 'None' | 'ConditionalCheckFailed' | 'TransactionConflict' | 'ValidationError';
  readonly Message?: string;
  readonly Item?: Item;
}

/** The action was in nobody's way. */
export const noReason: CancellationReason = { Code: 'None' };

/** The item is part of a running transaction; the words are AWS's. */
export const conflictReason: CancellationReason = {
  Code: 'TransactionConflict',
  Message: 'Transaction is ongoing for the item',
};

/** The request is wrong in itself. */
export function validationRefusal(message: string): AwsError {
  return new AwsError('com.amazon.coral.validate#ValidationException', message);
}

/** A single write met an item that a running transaction holds. */
export function conflictRefusal(): AwsError {
  return new AwsError(`${dynamoDb}TransactionConflictException`, 'Transaction is ongoing for the item');
}

/** A table of that name exists. */
export function tableExistsRefusal(table: string): AwsError {
  return new AwsError(`${dynamoDb}ResourceInUseException`, `Table already exists: ${table}`);
}

/** The token was used for another request; the API reference gives the meaning, not the words. */
export function tokenMismatchRefusal(): AwsError {
  return new AwsError(
    `${dynamoDb}IdempotentParameterMismatchException`,
    'The request was retried with a different payload and a token that was already used',
  );
}

/** A transaction with this token is still running. */
export function tokenInUseRefusal(): AwsError {
  return new AwsError(
    `${dynamoDb}TransactionInProgressException`,
    'The transaction with the given request token is already in progress.',
  );
}

/** Nothing of the transaction was applied; the reasons stand in the order of the actions. */
export function cancelledRefusal(reasons: readonly CancellationReason[]): AwsError {
  const codes = reasons.map((reason) => reason.Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return new AwsError(`${dynamoDb}TransactionCanceledException`, message, {
    members: { Message: message, CancellationReasons: reasons },
  });
}

/** The exception's name without its namespace. */
export function refusalName(refusal: AwsError): string {
  return refusal.code.slice(refusal.code.indexOf('#') + 1);
}

/**
 * Whether a key is empty: DynamoDB finds that before it starts a transaction and refuses the call, where a key of
 * the wrong type cancels the transaction (measured against AWS: github.com/paritysuite/dynamodb-conformance/pull/46).
 */
export function isEmptyKeyRefusal(refusal: AwsError): boolean {
  return refusal.message.includes('The AttributeValue for a key attribute cannot contain an empty');
}

/** The reason that a refusal of one action becomes inside a transaction. */
export function reasonFor(refusal: AwsError): CancellationReason {
  if (refusalName(refusal) !== 'ConditionalCheckFailedException')
    return { Code: 'ValidationError', Message: refusal.message };
  const item = refusal.members['Item'] as Item | undefined;
  return { Code: 'ConditionalCheckFailed', Message: refusal.message, ...(item && { Item: item }) };
}
