import type { Worker } from 'node:worker_threads';
import { startWorker } from '../../worker-thread.ts';
import { exited, killed, timedOut, toFunctionError } from './function-error.ts';
import type { Invocation, LogLine } from './function.ts';
import { LineSplitter } from './line-splitter.ts';
import type { Job, WorkerMessage, WorkerStart } from './worker-protocol.ts';

/** Lambda's own limit for loading a function's code (Developer Guide, "Understanding the Lambda execution environment"). */
const initSecondsMax = 10;

const streams = ['stdout', 'stderr'] as const;
type Stream = (typeof streams)[number];

interface Running {
  readonly job: Job;
  readonly settle: (outcome: Invocation) => void;
  timer: NodeJS.Timeout;
}

/**
 * One worker thread with a function's code in it: takes one event at a time, and stays for the next.
 * Its time limit counts real time, not the world's clock, because the function computes in real time.
 */
export class FunctionWorker {
  readonly codeFolder: string;
  readonly #thread: Worker;
  readonly #name: string;
  readonly #onLog: (line: LogLine) => void;
  readonly #lines: Readonly<Record<Stream, LineSplitter>> = {
    stdout: new LineSplitter(),
    stderr: new LineSplitter(),
  };
  #ready = false;
  #alive = true;
  #running: Running | undefined;
  /** Set when we ended the thread ourselves: the outcome of what it was doing. */
  #verdict: ((job: Job) => Invocation) | undefined;
  /** Where and when the latest output was written, for lines that end without a line break. */
  #latest: { readonly requestId: string | undefined; readonly at: number };

  constructor(
    start: WorkerStart,
    options: {
      readonly environment: Record<string, string>;
      readonly startedAt: number;
      readonly onLog: (line: LogLine) => void;
    },
  ) {
    this.codeFolder = start.codeFolder;
    this.#name = start.functionName;
    this.#onLog = options.onLog;
    this.#latest = { requestId: undefined, at: options.startedAt };
    this.#thread = startWorker(new URL('./worker.ts', import.meta.url), {
      workerData: start,
      env: options.environment,
      // neither our loaders nor our flags: the function gets a plain Node
      execArgv: [],
      stdout: true,
      stderr: true,
    });
    this.#thread.on('message', (message: WorkerMessage) => this.#hear(message));
    this.#thread.on('error', (error) => this.#writeUncaught(error));
    this.#thread.on('exit', (code) => this.#exited(code));
    // the thread captures its own output; what goes past it (native code) ends here instead of on our stdout
    for (const stream of streams)
      this.#thread[stream].on('data', (chunk: Buffer) => this.#write(stream, chunk.toString('utf8')));
  }

  get alive(): boolean {
    return this.#alive && !this.#verdict;
  }

  /** Ends with the function's answer, its error, its time limit, or the thread's death; never rejects. */
  async run(job: Job): Promise<Invocation> {
    this.#thread.ref();
    this.#latest = { ...this.#latest, requestId: job.requestId };
    const seconds = this.#ready ? job.timeoutSeconds : initSecondsMax + job.timeoutSeconds;
    const outcome = await new Promise<Invocation>((settle) => {
      this.#running = { job, settle, timer: this.#startTimer(seconds) };
      this.#thread.postMessage(job);
    });
    // a warm worker that waits for work keeps no process alive
    this.#thread.unref();
    return outcome;
  }

  /** Ends the thread at once, in the middle of whatever it does; its invocation ends as `Runtime.ExitError`. */
  async kill(): Promise<void> {
    await this.#end((job) => killed(job.requestId));
  }

  async #end(verdict: (job: Job) => Invocation): Promise<void> {
    this.#verdict ??= verdict;
    await this.#thread.terminate();
  }

  #startTimer(seconds: number): NodeJS.Timeout {
    const verdict = (job: Job): Invocation => timedOut(job.requestId, job.timeoutSeconds);
    return setTimeout(() => void this.#end(verdict), seconds * 1000);
  }

  #hear(message: WorkerMessage): void {
    switch (message.kind) {
      case 'ready':
        this.#ready = true;
        this.#restartTimer();
        return;
      case 'output':
        this.#latest = message;
        this.#write(message.stream, message.text);
        return;
      case 'init-failed':
        return void this.#end(() => ({ ok: false, error: message.error }));
      case 'failed':
        return this.#settle(() => ({ ok: false, error: message.error }));
      case 'answered':
        return this.#settle(() => ({ ok: true, payload: JSON.parse(message.payload) as unknown }));
    }
  }

  // Loading the code has a limit of its own and does not count against the function's time.
  #restartTimer(): void {
    if (!this.#running) return;
    clearTimeout(this.#running.timer);
    this.#running.timer = this.#startTimer(this.#running.job.timeoutSeconds);
  }

  // Once we have decided to end the thread, only its death settles: no answer may come back from the dead.
  #settle(outcome: (job: Job) => Invocation): void {
    const running = this.#running;
    if (!running || (this.#verdict && this.#alive)) return;
    this.#running = undefined;
    clearTimeout(running.timer);
    this.#flush();
    running.settle(outcome(running.job));
  }

  #exited(code: number): void {
    this.#alive = false;
    this.#settle(this.#verdict ?? ((job) => exited(job.requestId, code)));
    this.#flush();
  }

  #writeUncaught(error: unknown): void {
    this.#write('stderr', `Uncaught Exception\t${JSON.stringify(toFunctionError(error))}\n`);
  }

  #write(stream: Stream, text: string): void {
    for (const line of this.#lines[stream].push(text)) this.#log(stream, line);
  }

  #flush(): void {
    for (const stream of streams) for (const line of this.#lines[stream].flush()) this.#log(stream, line);
  }

  #log(stream: Stream, text: string): void {
    const { requestId, at } = this.#latest;
    this.#onLog({
      function: this.#name,
      ...(requestId === undefined ? {} : { requestId }),
      stream,
      text,
      at,
    });
  }
}
