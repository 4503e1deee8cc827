/** What a timer hands back, so that it can be taken back. */
export interface Timer {
  cancel(): void;
}

interface Due {
  readonly at: number;
  readonly run: () => void | Promise<void>;
}

/**
 * The one clock of the local world: real time plus an offset that only grows.
 * The offset lives in shared memory, so that worker threads read the same time (see `installClock`).
 * Times are milliseconds since the epoch.
 */
export class Clock {
  /** Hand this to a worker thread; `installClock` there reads it. */
  readonly shared: SharedArrayBuffer = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  readonly #offset = new Float64Array(this.shared);
  readonly #due = new Set<Due>();
  readonly #running = new Set<Promise<void>>();
  #alarm: NodeJS.Timeout | undefined;

  now(): number {
    return Date.now() + (this.#offset[0] ?? 0);
  }

  /** Runs `run` once when this clock reaches `at`, whether time passes or is advanced. */
  at(at: number, run: () => void | Promise<void>): Timer {
    const due: Due = { at, run };
    this.#due.add(due);
    this.#arm();
    return { cancel: () => void this.#due.delete(due) };
  }

  after(ms: number, run: () => void | Promise<void>): Timer {
    return this.at(this.now() + ms, run);
  }

  /**
   * Moves the clock forward, stopping at each due instant on the way until what is due there has run: where a minute passes between
   * two ticks, the first is over before the second.
   */
  async advance(ms: number): Promise<void> {
    const goal = this.now() + ms;
    for (;;) {
      const next = this.#next();
      if (!next || next.at > goal) break;
      // of the same instant, and fired meanwhile because real time passed
      if (next.at > this.now()) await Promise.allSettled(this.#running);
      this.#jumpTo(next.at);
      await this.#fire(next);
    }
    this.#jumpTo(goal);
    this.#arm();
  }

  /** Forgets every timer. */
  stop(): void {
    clearTimeout(this.#alarm);
    this.#due.clear();
  }

  #jumpTo(time: number): void {
    const ahead = time - this.now();
    if (ahead > 0) this.#offset[0] = (this.#offset[0] ?? 0) + ahead;
  }

  #next(): Due | undefined {
    let next: Due | undefined;
    for (const due of this.#due) if (!next || due.at < next.at) next = due;
    return next;
  }

  async #fire(due: Due): Promise<void> {
    if (!this.#due.delete(due)) return;
    const run = (async () => due.run())();
    this.#running.add(run);
    await run.finally(() => this.#running.delete(run));
  }

  #arm(): void {
    clearTimeout(this.#alarm);
    const next = this.#next();
    if (!next) return;
    // setTimeout takes at most 2^31 - 1 ms; a longer wait is armed again.
    const wait = Math.min(Math.max(0, next.at - this.now()), 2 ** 31 - 1);
    this.#alarm = setTimeout(() => {
      const ready = [...this.#due].filter((due) => due.at <= this.now()).sort((a, b) => a.at - b.at);
      for (const due of ready) void this.#fire(due);
      this.#arm();
    }, wait);
    this.#alarm.unref();
  }
}

/** Makes `Date` of this thread read a `Clock` of another thread. Call it first in a worker. */
export function installClock(shared: SharedArrayBuffer): void {
  const offset = new Float64Array(shared);
  const RealDate = Date;
  const now = (): number => RealDate.now() + (offset[0] ?? 0);
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
    apply: () => new RealDate(now()).toString(),
    get: (target, property, receiver) => (property === 'now' ? now : Reflect.get(target, property, receiver)),
  });
}
