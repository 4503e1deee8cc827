/** One function, as the template describes it. */
export interface FunctionSettings {
  readonly name: string;
  readonly arn: string;
  /** Folder that holds the bundle: `index.mjs` for the handler `index.handler`. */
  readonly codeFolder: string;
  /** `<file without extension>.<export>`. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** Told to the function, not enforced. @default 128 */
  readonly memoryMiB?: number;
  /** Worker threads at most; invocations beyond it wait their turn. @default 4 */
  readonly concurrency?: number;
}

/** Why an invocation failed, in the members that AWS answers with `X-Amz-Function-Error`. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** How one invocation ended. */
export type Invocation =
  { readonly ok: true; readonly payload: unknown } | { readonly ok: false; readonly error: FunctionError };

/** One line that a function wrote. */
export interface LogLine {
  readonly function: string;
  /** Absent for lines written before the first invocation. */
  readonly requestId?: string;
  readonly stream: 'stdout' | 'stderr';
  /** Without the line break. */
  readonly text: string;
  /** Milliseconds of the world's clock. */
  readonly at: number;
}

/** One ended invocation, for whoever keeps records. Times are milliseconds of the world's clock. */
export interface InvocationRecord {
  readonly function: string;
  readonly requestId: string;
  readonly payload: unknown;
  readonly outcome: Invocation;
  /** When the caller asked; time spent waiting for a worker counts. */
  readonly startedAt: number;
  readonly endedAt: number;
}
