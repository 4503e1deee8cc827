import { printable, printableLines } from './printable.ts';

/** How a command ended: see the exit codes in TUTORIAL.md. */
export const exitCodes = {
  done: 0,
  checkFailed: 1,
  usage: 2,
  refused: 3,
  incomplete: 4,
  cannotReach: 5,
} as const;

export type Ending = keyof typeof exitCodes;

/** A command that cannot go on, with the code that it ends with. */
export class CommandFailed extends Error {
  readonly exitCode: number;

  constructor(reason: Ending, message: string) {
    super(message);
    this.name = 'CommandFailed';
    this.exitCode = exitCodes[reason];
  }
}

/** What a command found or did: for programs, and in lines for people. */
export interface Report {
  readonly result: unknown;
  readonly lines: readonly string[];
  /** @default 'done' */
  readonly ends?: Ending;
}

/** Where a command writes; each is one call of `write`. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
}

/** Progress and hints, for people only: a line of stderr. */
export type Note = (line: string) => void;

/** Prints a report: one line of JSON as the last of stdout, or text for people. */
export function print({ result, lines }: Report, json: boolean, terminal: Terminal): void {
  terminal.out(`${json ? printable(JSON.stringify(result)) : printableLines(lines.join('\n'))}\n`);
}
