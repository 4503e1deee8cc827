import { types } from 'node:util';
import type { FunctionError, Invocation } from './function.ts';

/**
 * What AWS answers for a value thrown by a handler: name, message and stack lines of an error, the text of anything else
 * (AWS Lambda Developer Guide, "Log and monitor Node.js Lambda functions"; the Node.js runtime interface client).
 */
export function toFunctionError(thrown: unknown): FunctionError {
  if (!types.isNativeError(thrown))
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return {
    errorType: thrown.name,
    errorMessage: thrown.message,
    trace: (thrown.stack ?? '').split('\n'),
  };
}

/** The answer for a function that was still running when its time was up. */
export function timedOut(requestId: string, timeoutSeconds: number): Invocation {
  return failed(
    'Sandbox.Timedout',
    `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
  );
}

/** The answer for a runtime that ended by itself, with the exit code of its process. */
export function exited(requestId: string, code: number): Invocation {
  const reason =
    code === 0
      ? 'Runtime exited without providing a reason'
      : `Runtime exited with error: exit status ${code}`;
  return failed('Runtime.ExitError', `RequestId: ${requestId} Error: ${reason}`);
}

/** The answer for a runtime that something else ended: the machine died under it. */
export function killed(requestId: string): Invocation {
  return failed(
    'Runtime.ExitError',
    `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
  );
}

function failed(errorType: string, errorMessage: string): Invocation {
  return { ok: false, error: { errorType, errorMessage } };
}
