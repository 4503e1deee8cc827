/** A message attribute, as SQS answers it. */
interface MessageAttribute {
  readonly DataType?: string | undefined;
  readonly StringValue?: string | undefined;
  /** Base64. */
  readonly BinaryValue?: string | undefined;
}

/** A received message. */
export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** `ApproximateReceiveCount`, `SentTimestamp`, `MessageGroupId` and so on. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, MessageAttribute>>;
}

/** The event of one batch (AWS Lambda Developer Guide, "Using Lambda with Amazon SQS"). */
export function sqsEvent(queueArn: string, messages: readonly QueueMessage[]): object {
  return { Records: messages.map((message) => record(queueArn, message)) };
}

function record(queueArn: string, message: QueueMessage): object {
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: message.attributes,
    messageAttributes: Object.fromEntries(
      Object.entries(message.messageAttributes).map(([name, value]) => [name, attribute(value)]),
    ),
    md5OfBody: message.md5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3],
  };
}

// SQS names the members in upper camel case, Lambda's event in lower; JSON drops the undefined ones.
function attribute({ DataType, StringValue, BinaryValue }: MessageAttribute): object {
  return {
    stringValue: StringValue,
    binaryValue: BinaryValue,
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}
