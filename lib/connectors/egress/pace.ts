import type { Stopped } from '../../domain/decisions/pace/pause.ts';
import { failuresMax } from '../../domain/limits.ts';
import { type EgressCode, EgressError } from './egress-error.ts';
import type { Fetch } from './fetch.ts';
import { retryAfterMs } from './retry-after.ts';

/** The calls of one worker to one authority: bounded, spaced, and stopped when the authority fails. */
export interface Pace {
  readonly fetch: Fetch;
  /** Present once an endpoint failed too often, or the authority asked us to wait. */
  readonly stopped: () => Stopped | undefined;
  /** Whether at least one call was answered by the authority itself. */
  readonly answered: () => boolean;
}

export interface PaceOptions {
  /** Calls in flight at once. */
  readonly concurrency: number;
  /** Calls begun in one second. @default no limit */
  readonly perSecond?: number | undefined;
  /** The authority failed before: the first failure stops again. */
  readonly halfOpen: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Failures of the authority or of the way to it. The other codes mean that nothing was sent. */
const failures: ReadonlySet<EgressCode> = new Set([
  'dns',
  'connection',
  'tls',
  'timeout',
  'redirect',
  'too-large',
  'not-http',
]);

/**
 * Wraps a `fetch` for one authority. An endpoint that fails `failuresMax` times in a row is not called again, so a broken
 * introspection endpoint does not keep a revocation from being sent. 429, and `Retry-After` on a 5xx, stop all endpoints at once.
 * A stopped call rejects with `EgressError` code `paused`; nothing was sent. Before the first answer, no more
 * are in flight than may fail.
 */
export function createPace(fetch: Fetch, options: PaceOptions): Pace {
  const limit = options.halfOpen ? 1 : failuresMax;
  /** Failures in a row, by endpoint. */
  const failed = new Map<string, number>();
  let stopped: Stopped | undefined;
  let all = false;
  let answered = false;
  // before the first answer, calls in flight count as failures
  const slots = createSlots(() => {
    if (answered) return options.concurrency;
    const failures = [...failed.values()].reduce((sum, count) => sum + count, 0);
    return Math.min(options.concurrency, Math.max(1, limit - failures));
  });
  const space = createSpacing(options);

  const isStopped = (endpoint: string): boolean => all || (failed.get(endpoint) ?? 0) >= limit;
  const fail = (endpoint: string, failure: Stopped): void => {
    failed.set(endpoint, (failed.get(endpoint) ?? 0) + 1);
    if (failure.retryAfterMs !== undefined || failure.because === 'http-429') all = true;
    if (isStopped(endpoint)) stopped = longer(stopped, failure);
  };

  async function call(endpoint: string, target: string, init: Parameters<Fetch>[1]): Promise<Response> {
    try {
      const response = await fetch(target, init);
      if (isFailure(response.status)) {
        const wait = retryAfterMs(response.headers, options.now());
        fail(endpoint, { because: `http-${response.status}`, retryAfterMs: wait });
      } else {
        failed.set(endpoint, 0);
        answered = true;
      }
      return response;
    } catch (error) {
      if (error instanceof EgressError && failures.has(error.code)) fail(endpoint, { because: error.code });
      throw error;
    }
  }

  return {
    async fetch(target, init) {
      const endpoint = URL.canParse(target) ? new URL(target).origin + new URL(target).pathname : target;
      return slots(async () => {
        await space();
        if (isStopped(endpoint))
          throw new EgressError('paused', 'the authority fails: calls to it are paused');
        return call(endpoint, target, init);
      });
    },
    stopped: () => stopped,
    answered: () => answered,
  };
}

/** 501 is an answer: the server does not offer this. */
const isFailure = (status: number): boolean => status === 429 || (status >= 500 && status !== 501);

const longer = (one: Stopped | undefined, other: Stopped): Stopped =>
  one && (one.retryAfterMs ?? 0) > (other.retryAfterMs ?? 0) ? one : other;

/** Runs at most `width()` calls at once, in the order in which they came. */
function createSlots(width: () => number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  const wake = (): void => {
    while (running < width() && waiting.length > 0) {
      running += 1;
      waiting.shift()?.();
    }
  };
  return async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    await new Promise<void>((done) => {
      waiting.push(done);
      wake();
    });
    try {
      return await work();
    } finally {
      running -= 1;
      wake();
    }
  };
}

/** Spaces the beginnings of calls evenly, so that a successor that begins at once keeps the rate too. */
function createSpacing({ perSecond, now, sleep }: PaceOptions) {
  let next = perSecond === undefined ? -Infinity : now() + 1000 / perSecond;
  return async (): Promise<void> => {
    if (perSecond === undefined) return;
    const at = now();
    const begin = Math.max(at, next);
    next = begin + 1000 / perSecond;
    if (begin > at) await sleep(begin - at);
  };
}
