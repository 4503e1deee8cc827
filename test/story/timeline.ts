/** Prints one line for each step of the story, with the seconds since it began. */
export class Timeline {
  readonly #write: (line: string) => void;
  readonly #startedAt: number;
  readonly #now: () => number;

  constructor(now: () => number, write: (line: string) => void) {
    this.#now = now;
    this.#write = write;
    this.#startedAt = now();
  }

  /** Begins a group of steps. */
  heading(text: string): void {
    this.#write('');
    this.#write(text);
  }

  say(who: string, what: string): void {
    const seconds = ((this.#now() - this.#startedAt) / 1000).toFixed(2).padStart(7);
    this.#write(`${seconds} s  ${who.padEnd(9)} ${what}`);
  }
}
