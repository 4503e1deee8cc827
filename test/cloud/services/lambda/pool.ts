import type { Clock } from '../../clock.ts';
import type { FunctionSettings, Invocation, LogLine } from './function.ts';
import { FunctionWorker } from './function-worker.ts';
import { killed } from './function-error.ts';
import { namesOf, runtimeEnvironment } from './runtime-environment.ts';
import type { Job } from './worker-protocol.ts';

/** Worker threads of one function where its settings say nothing. */
const concurrencyDefault = 4;

interface Waiting {
  readonly job: Job;
  readonly settle: (outcome: Invocation) => void;
}

/** What a pool needs from the world. */
export interface PoolWorld {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly onLog: (line: LogLine) => void;
}

/**
 * The workers of one function: warm ones are used again, a new one is made when all are busy, and beyond the limit
 * events wait in the order of their arrival.
 */
export class FunctionPool {
  readonly settings: FunctionSettings;
  readonly #world: PoolWorld;
  #codeFolder: string;
  #closed = false;
  #idle: FunctionWorker[] = [];
  readonly #busy = new Set<FunctionWorker>();
  readonly #waiting: Waiting[] = [];

  constructor(settings: FunctionSettings, world: PoolWorld) {
    this.settings = settings;
    this.#world = world;
    this.#codeFolder = settings.codeFolder;
  }

  run(job: Job): Promise<Invocation> {
    return new Promise((settle) => {
      this.#waiting.push({ job, settle });
      this.#dispatch();
    });
  }

  /** Events that come from now on meet this code; what is running ends with the code it has. */
  replaceCode(codeFolder: string): void {
    this.#codeFolder = codeFolder;
    for (const worker of this.#idle.splice(0)) void worker.kill();
  }

  /** Ends every busy worker and tells how many there were. */
  async killBusy(): Promise<number> {
    const workers = [...this.#busy];
    await Promise.all(workers.map((worker) => worker.kill()));
    return workers.length;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { job, settle } of this.#waiting.splice(0)) settle(killed(job.requestId));
    await Promise.all([...this.#idle.splice(0), ...this.#busy].map((worker) => worker.kill()));
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#take();
      const next = worker && this.#waiting.shift();
      if (!worker || !next) return;
      void this.#work(worker, next);
    }
  }

  #take(): FunctionWorker | undefined {
    // a warm worker may have died of something that it left running
    this.#idle = this.#idle.filter((worker) => worker.alive);
    const warm = this.#idle.pop();
    if (warm) return warm;
    const limit = this.settings.concurrency ?? concurrencyDefault;
    return this.#busy.size < limit ? this.#start() : undefined;
  }

  async #work(worker: FunctionWorker, { job, settle }: Waiting): Promise<void> {
    this.#busy.add(worker);
    const outcome = await worker.run(job);
    this.#busy.delete(worker);
    if (worker.alive && worker.codeFolder === this.#codeFolder && !this.#closed) this.#idle.push(worker);
    else void worker.kill();
    settle(outcome);
    this.#dispatch();
  }

  #start(): FunctionWorker {
    const settings = { ...this.settings, codeFolder: this.#codeFolder };
    const startedAt = this.#world.clock.now();
    const names = namesOf(settings, { id: this.#world.newId(), startedAt });
    const start = {
      clock: this.#world.clock.shared,
      codeFolder: settings.codeFolder,
      handler: settings.handler,
      functionName: settings.name,
      functionArn: settings.arn,
      names,
    };
    return new FunctionWorker(start, {
      environment: runtimeEnvironment(settings, names),
      startedAt,
      onLog: this.#world.onLog,
    });
  }
}
