import type { Context } from './conditions.ts';

/** One thing that AWS asks of the policies before it does a call. All that a call needs have to be allowed. */
export interface Authorization {
  /** For example `dynamodb:PutItem`. */
  readonly action: string;
  /** An ARN, or `*` for an action that has no resources. */
  readonly resource: string;
  /** What the request says; who asks, and how, is added by `authorize`. */
  readonly context: Context;
  /** How the refusal names the resource. @default its ARN */
  readonly shownAs?: string;
  /** The service that asks on the caller's behalf. @default the caller asks itself */
  readonly via?: 'dynamodb' | 'secretsmanager' | 'sqs';
}

/** What a call is about, as the gateway hands it on. */
export interface SentCall {
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
}

/** A table, as far as IAM asks about it. */
export interface TableFacts {
  readonly arn: string;
  /** Name of the attribute that is the partition key. */
  readonly partitionKey: string;
  /** Partition keys of its indexes, by the name of the index. */
  readonly indexes: ReadonlyMap<string, string>;
  /** The customer's key that encrypts it. Absent where AWS's own does. */
  readonly keyArn?: string;
}

export interface SecretFacts {
  /** With the six characters at its end. */
  readonly arn: string;
  readonly keyArn?: string;
  readonly rotationFunctionArn?: string;
}

/** What the local cloud has, by every name that a request may use for it; undefined where there is nothing of that name. */
export interface Directory {
  readonly account: string;
  readonly region: string;
  table(name: string): TableFacts | undefined;
  /** By name, ARN, or ARN without its end. */
  secret(id: string): SecretFacts | undefined;
  /** ARN of a key, by its id, its ARN, or a name or ARN of an alias. */
  keyArn(id: string): string | undefined;
  /** The customer's key that encrypts a queue. */
  keyOfQueue(queueArn: string): string | undefined;
}

/** What the operations of one service need, by the name of the operation. */
export type Needs = Readonly<
  Record<string, (input: unknown, directory: Directory) => readonly Authorization[]>
>;

/** A context of those keys that have a value. */
export function contextOf(values: Readonly<Record<string, string | readonly string[] | undefined>>): Context {
  return new Map(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined || value.length === 0 ? [] : [[key, value] as const],
    ),
  );
}
