/** Who signed a request: each function of the local world has an access key of its own. */
export interface Caller {
  readonly accessKeyId: string;
  readonly name: string;
  /** Of the caller. @default that of the local cloud */
  readonly account?: string;
}

/** One request at the local cloud's door. */
export interface Call {
  readonly caller: Caller;
  /** For example `dynamodb`. */
  readonly service: string;
  /** For example `TransactWriteItems`. */
  readonly operation: string;
  readonly input: unknown;
  /** The invocation that sent it, by the root of its trace: one worker runs one at a time. Absent where none did. */
  readonly invocation?: string;
  /** Milliseconds of the world's clock. */
  readonly arrivedAt: number;
}

/** Answers one operation; throws `AwsError` to answer with an error. */
export type Operation = (input: Readonly<Record<string, unknown>>, call: Call) => Promise<object>;

/** A local stand-in for one AWS service that speaks the AWS JSON protocol. */
export interface LocalService {
  /** Short name, as in ARNs: `dynamodb`, `sqs`, `events`, `secretsmanager`. */
  readonly name: string;
  /** What stands before the dot in `X-Amz-Target`: `DynamoDB_20120810`, `AmazonSQS`, `AWSEvents`, `secretsmanager`. */
  readonly target: string;
  /** Content type of requests and answers: `application/x-amz-json-1.0` or `-1.1`. */
  readonly contentType: string;
  readonly operations: Readonly<Record<string, Operation>>;
}

/** An answer that AWS would give as an error. `code` is the full `__type`. */
export class AwsError extends Error {
  readonly code: string;
  readonly statusCode: number;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { statusCode?: number; members?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message);
    this.name = code;
    this.code = code;
    this.statusCode = options.statusCode ?? 400;
    this.members = options.members ?? {};
  }
}

/** Thrown by a middleware to cut the connection without an answer. */
export class ConnectionLost extends Error {}

/** Wraps every call; may delay it, refuse it, run it and lose its answer. */
export type Middleware = (call: Call, next: () => Promise<object>) => Promise<object>;
