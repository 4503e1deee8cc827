import type { Clock } from '../../clock.ts';

interface Poll<T> {
  /** Takes what there is for this poll; an empty answer leaves it waiting. */
  readonly take: () => readonly T[];
  readonly answer: (items: readonly T[]) => void;
}

/** Consumers that wait at one queue, oldest first. */
export class LongPolls<T> {
  readonly #clock: Clock;
  readonly #waiting = new Set<Poll<T>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** Resolves with the first answer of `take` that is not empty, or with nothing after `waitMs` or on abort. */
  wait(take: () => readonly T[], waitMs: number, signal?: AbortSignal): Promise<readonly T[]> {
    return new Promise((resolve) => {
      const giveUp = (): void => poll.answer([]);
      const timer = this.#clock.after(waitMs, giveUp);
      const poll: Poll<T> = {
        take,
        answer: (items) => {
          this.#waiting.delete(poll);
          timer.cancel();
          signal?.removeEventListener('abort', giveUp);
          resolve(items);
        },
      };
      signal?.addEventListener('abort', giveUp);
      this.#waiting.add(poll);
    });
  }

  /** Serves the polls in turn until one finds nothing: then there is nothing for the others either. */
  serve(): void {
    for (const poll of this.#waiting) {
      const items = poll.take();
      if (items.length === 0) return;
      poll.answer(items);
    }
  }

  /** Answers every poll with nothing. */
  close(): void {
    for (const poll of this.#waiting) poll.answer([]);
  }
}
