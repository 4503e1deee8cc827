import { parentPort, workerData } from 'node:worker_threads';
import { installClock } from '../../clock.ts';
import { toFunctionError } from './function-error.ts';
import { type Handler, loadHandler } from './load-handler.ts';
import type { Job, WorkerMessage, WorkerStart } from './worker-protocol.ts';

// The thread entry of one Lambda worker: the world's clock first, then the function's code, then one event after another.

const start = workerData as WorkerStart;
installClock(start.clock);
let requestId: string | undefined;

capture('stdout');
capture('stderr');
try {
  const handler = await loadHandler(start.codeFolder, start.handler);
  parentPort?.on('message', (job: Job) => void work(handler, job));
  post({ kind: 'ready' });
} catch (thrown) {
  const error = toFunctionError(thrown);
  process.stderr.write(`Uncaught Exception\t${JSON.stringify(error)}\n`);
  post({ kind: 'init-failed', error });
}

async function work(handler: Handler, job: Job): Promise<void> {
  requestId = job.requestId;
  process.env['_X_AMZN_TRACE_ID'] = traceOf(job);
  try {
    const result = await handler(JSON.parse(job.event), contextOf(job));
    post({ kind: 'answered', requestId: job.requestId, payload: serialize(result) });
  } catch (thrown) {
    const error = toFunctionError(thrown);
    // Lambda's runtime writes the error into the function's log, so that a secret in an error leaks here too.
    process.stderr.write(`Invoke Error\t${JSON.stringify(error)}\n`);
    post({ kind: 'failed', requestId: job.requestId, error });
  }
}

/**
 * The tracing header, new for each invocation: the SDK sends it along with every request. Nothing is sampled here.
 * AWS Lambda Developer Guide, "Defined runtime environment variables"; AWS X-Ray Developer Guide, "Tracing header".
 */
function traceOf(job: Job): string {
  // a request id is a UUID: its 32 digits are as many as a root asks for, and as unique
  const digits = job.requestId.replaceAll('-', '');
  return `Root=1-${digits.slice(0, 8)}-${digits.slice(8)};Parent=${digits.slice(-16)};Sampled=0`;
}

function serialize(result: unknown): string {
  try {
    return (JSON.stringify(result) as string | undefined) ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
}

/** AWS Lambda Developer Guide, "Using the Lambda context object to retrieve Node.js function information". */
function contextOf(job: Job): object {
  // performance.now() is real time: a function computes in real time, however far the world's clock jumps
  const deadline = performance.now() + job.timeoutSeconds * 1000;
  return {
    callbackWaitsForEmptyEventLoop: true,
    awsRequestId: job.requestId,
    functionName: start.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: start.functionArn,
    memoryLimitInMB: start.names.memoryLimitInMB,
    logGroupName: start.names.logGroupName,
    logStreamName: start.names.logStreamName,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
  };
}

function capture(stream: 'stdout' | 'stderr'): void {
  const write = (chunk: string | Uint8Array, ...rest: readonly unknown[]): boolean => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    post({ kind: 'output', stream, text, requestId, at: Date.now() });
    const done = rest.at(-1);
    if (typeof done === 'function') queueMicrotask(() => void done());
    return true;
  };
  process[stream].write = write;
}

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}
