import { AwsError } from '../../service.ts';

/**
 * What SQS refuses, in its own words. Names and status codes as in the SQS API reference; the SDK turns the
 * part behind `#` into the `name` of its error.
 */
function refuse(name: string, message: string, statusCode = 400): AwsError {
  return new AwsError(`com.amazonaws.sqs#${name}`, message, { statusCode });
}

export const queueDoesNotExist = (): AwsError =>
  refuse('QueueDoesNotExist', 'The specified queue does not exist.');

export const queueNameExists = (name: string): AwsError =>
  refuse('QueueNameExists', `A queue already exists with the name ${name}.`);

export const invalidAddress = (address: string): AwsError =>
  refuse('InvalidAddress', `The address ${address} is not valid for this endpoint.`, 404);

export const missingParameter = (parameter: string): AwsError =>
  refuse('MissingParameter', `The request must contain the parameter ${parameter}.`);

export const invalidParameter = (parameter: string, value: unknown, reason: string): AwsError =>
  refuse(
    'InvalidParameterValue',
    `Value ${show(value)} for parameter ${parameter} is invalid. Reason: ${reason}`,
  );

export const invalidAttributeName = (name: string): AwsError =>
  refuse('InvalidAttributeName', `Unknown Attribute ${name}.`);

export const invalidMessageContents = (): AwsError =>
  refuse(
    'InvalidMessageContents',
    'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
  );

export const messageTooLong = (bytesMax: number): AwsError =>
  refuse(
    'InvalidParameterValue',
    `One or more parameters are invalid. Reason: Message must be shorter than ${bytesMax} bytes.`,
  );

export const receiptHandleIsInvalid = (handle: string): AwsError =>
  refuse(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
    404,
  );

export const messageGone = (handle: string): AwsError =>
  invalidParameter(
    'ReceiptHandle',
    handle,
    'Message does not exist or is not available for visibility timeout change.',
  );

export const messageNotInFlight = (): AwsError =>
  refuse('MessageNotInflight', "The specified message isn't in flight.");

export const purgeInProgress = (name: string): AwsError =>
  refuse(
    'PurgeQueueInProgress',
    `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`,
    403,
  );

export const emptyBatch = (): AwsError =>
  refuse('EmptyBatchRequest', 'There should be at least one entry in the request.');

export const tooManyEntries = (sent: number, max: number): AwsError =>
  refuse(
    'TooManyEntriesInBatchRequest',
    `Maximum number of entries per request are ${max}. You have sent ${sent}.`,
  );

export const invalidBatchEntryId = (): AwsError =>
  refuse(
    'InvalidBatchEntryId',
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  );

export const entryIdsNotDistinct = (id: string): AwsError =>
  refuse('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);

export const batchTooLong = (sent: number, max: number): AwsError =>
  refuse(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${max} bytes. You have sent ${sent} bytes.`,
  );

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
