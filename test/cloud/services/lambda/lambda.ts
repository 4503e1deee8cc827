import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { AwsError } from '../../service.ts';
import type { FunctionSettings, Invocation, InvocationRecord, LogLine } from './function.ts';
import { FunctionPool } from './pool.ts';

export type { FunctionSettings, Invocation, LogLine } from './function.ts';

/** The local stand-in for AWS Lambda: the bundles that would be deployed, each in worker threads of its own. */
export interface Lambda {
  createFunction(settings: FunctionSettings): void;
  /** Runs the function once and waits for its end; rejects only where there is no such function. */
  invoke(arn: string, payload: unknown): Promise<Invocation>;
  /** Events that come from now on meet the code in this folder. */
  replaceCode(arn: string, codeFolder: string): void;
  /**
   * Ends every busy worker of that function at once, as if its machine died: when this resolves, nothing of them runs
   * any more, and their invocations end as `Runtime.ExitError`. Tells how many there were.
   */
  kill(name: string): Promise<number>;
  /** Calls the listener at the end of each invocation; the returned function takes it out again. */
  onInvocation(listener: (record: InvocationRecord) => void): () => void;
  /** Ends all workers; what was running or waiting ends as `Runtime.ExitError`. */
  /** Resolves when no invocation runs. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Makes an empty Lambda. The time limits of functions count real time, all else the world's clock. */
export function createLambda(options: {
  readonly clock: Clock;
  readonly onLog: (line: LogLine) => void;
  /** Request ids; @default random UUIDs */
  readonly newId?: () => string;
}): Lambda {
  const { clock } = options;
  const newId = options.newId ?? randomUUID;
  const pools = new Map<string, FunctionPool>();
  const listeners = new Set<(record: InvocationRecord) => void>();
  const running = new Set<Promise<unknown>>();
  let closed = false;

  const find = (arn: string): FunctionPool => {
    const pool = pools.get(arn);
    if (pool && !closed) return pool;
    throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, { statusCode: 404 });
  };

  return {
    createFunction(settings) {
      if (pools.has(settings.arn))
        throw new AwsError('ResourceConflictException', `Function already exist: ${settings.name}`, {
          statusCode: 409,
        });
      pools.set(settings.arn, new FunctionPool(settings, { clock, newId, onLog: options.onLog }));
    },
    async invoke(arn, payload) {
      const pool = find(arn);
      const { name, timeoutSeconds } = pool.settings;
      const requestId = newId();
      const startedAt = clock.now();
      // no payload reaches a function as an empty object
      const event = (JSON.stringify(payload) as string | undefined) ?? '{}';
      const run = pool.run({ requestId, event, timeoutSeconds });
      running.add(run);
      const outcome = await run.finally(() => running.delete(run));
      for (const listener of listeners)
        listener({ function: name, requestId, payload, outcome, startedAt, endedAt: clock.now() });
      return outcome;
    },
    replaceCode: (arn, codeFolder) => find(arn).replaceCode(codeFolder),
    async kill(name) {
      const pool = [...pools.values()].find(({ settings }) => settings.name === name);
      return find(pool?.settings.arn ?? name).killBusy();
    },
    onInvocation(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async idle() {
      while (running.size > 0) await Promise.allSettled(running);
    },
    async close() {
      closed = true;
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}
