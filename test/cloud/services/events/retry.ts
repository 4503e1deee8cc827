import { AwsError } from '../../service.ts';
import type { TargetSettings } from './rule-settings.ts';

/** User guide, "How EventBridge retries delivering events": 24 hours and up to 185 times. */
const defaults = { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 };
/** AWS names no numbers for its exponential backoff; these fit 185 tries into just under 24 hours. */
const backoff = { firstMs: 1_000, maxMs: 480_000 };

const noPermission = /AccessDenied|NotAuthorized|UnauthorizedOperation/;
const noResource = /NotFound|NonExistent|DoesNotExist/;

export interface FailedTry {
  readonly error: unknown;
  /** Retries made so far; 0 after the first delivery. */
  readonly retries: number;
  /** When the event was accepted, and now, in milliseconds. */
  readonly acceptedAt: number;
  readonly now: number;
}

export type Decision =
  | { readonly kind: 'retry'; readonly at: number }
  | {
      readonly kind: 'give-up';
      readonly errorCode: 'NO_PERMISSIONS' | 'NO_RESOURCE' | 'SDK_CLIENT_ERROR';
      readonly exhausted?: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';
    };

/**
 * Retries with doubling waits until the tries are used up or the event is too old; the last try comes when it
 * reaches that age. A target that is missing or forbids the delivery is not tried again ("Using dead-letter
 * queues to process undelivered events").
 */
export function decideRetry(failed: FailedTry, retry: TargetSettings['retry']): Decision {
  const { error, retries, acceptedAt, now } = failed;
  const code = error instanceof AwsError ? error.code : '';
  if (noPermission.test(code)) return { kind: 'give-up', errorCode: 'NO_PERMISSIONS' };
  if (noResource.test(code)) return { kind: 'give-up', errorCode: 'NO_RESOURCE' };
  const retriesMax = retry?.maximumRetryAttempts ?? defaults.maximumRetryAttempts;
  const deadline = acceptedAt + (retry?.maximumEventAgeInSeconds ?? defaults.maximumEventAgeInSeconds) * 1000;
  if (retries >= retriesMax)
    return { kind: 'give-up', errorCode: 'SDK_CLIENT_ERROR', exhausted: 'MaximumRetryAttempts' };
  if (now >= deadline)
    return { kind: 'give-up', errorCode: 'SDK_CLIENT_ERROR', exhausted: 'MaximumEventAgeInSeconds' };
  const waitMs = Math.min(backoff.firstMs * 2 ** retries, backoff.maxMs);
  return { kind: 'retry', at: Math.min(now + waitMs, deadline) };
}
