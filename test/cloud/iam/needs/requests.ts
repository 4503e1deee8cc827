import * as z from 'zod';
import type { Authorization, Directory, Needs, SentCall } from '../language/authorization.ts';
import { dynamoDbNeeds } from './requests/dynamodb.ts';
import { eventsNeeds } from './requests/events.ts';
import { kmsNeeds } from './requests/kms.ts';
import { lambdaNeeds } from './requests/lambda.ts';
import { secretsManagerNeeds } from './requests/secrets-manager.ts';
import { sqsNeeds } from './requests/sqs.ts';

/** Every operation that the project sends, by the name of its service in ARNs and in the local cloud. */
const services: Readonly<Record<string, Needs>> = {
  dynamodb: dynamoDbNeeds,
  events: eventsNeeds,
  kms: kmsNeeds,
  lambda: lambdaNeeds,
  secretsmanager: secretsManagerNeeds,
  sqs: sqsNeeds,
};

const operations: ReadonlyMap<string, Needs[string]> = new Map(
  Object.entries(services).flatMap(([service, needs]) =>
    Object.entries(needs).map(([operation, need]) => [`${service}:${operation}`, need] as const),
  ),
);

/**
 * What AWS asks of the caller's own permissions for a call; what it asks in the caller's name beside that is in `on-behalf.ts`.
 * Throws for an operation that is in no table, and for an input that cannot be read: nothing passes because it is odd.
 */
export function neededFor(call: SentCall, directory: Directory): readonly Authorization[] {
  const name = `${call.service}:${call.operation}`;
  const needs = operations.get(name);
  if (!needs)
    throw new Error(
      `Nobody said what ${name} needs of IAM. Say it in test/cloud/iam/needs/requests/, with the page of the ` +
        'Service Authorization Reference.',
    );
  try {
    return needs(call.input, directory);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    // names and types of members, never a value
    const members = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
    throw new Error(
      `The input of ${name} does not say what it needs of IAM (${members}). Correct the request, or ` +
        'test/cloud/iam/needs/requests/ where AWS takes it.',
      { cause: error },
    );
  }
}

/** Whether somebody said what an operation needs of IAM. */
export function isKnown({ service, operation }: SentCall): boolean {
  return operations.has(`${service}:${operation}`);
}

/** For messages and checks: `<service>:<operation>`. */
export const knownOperations: readonly string[] = [...operations.keys()];
