import type { FunctionError } from './function.ts';
import type { RuntimeNames } from './runtime-environment.ts';

/** What a worker thread is started with. */
export interface WorkerStart {
  readonly clock: SharedArrayBuffer;
  readonly codeFolder: string;
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly names: RuntimeNames;
}

/** One event for a worker thread; the event crosses as JSON text, as on AWS. */
export interface Job {
  readonly requestId: string;
  readonly event: string;
  readonly timeoutSeconds: number;
}

/** What a worker thread says. Output comes the same way as answers, so that each line keeps its place among them. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'init-failed'; readonly error: FunctionError }
  | { readonly kind: 'answered'; readonly requestId: string; readonly payload: string }
  | { readonly kind: 'failed'; readonly requestId: string; readonly error: FunctionError }
  | {
      readonly kind: 'output';
      readonly stream: 'stdout' | 'stderr';
      readonly text: string;
      readonly requestId: string | undefined;
      readonly at: number;
    };
