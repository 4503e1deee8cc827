import { printable, printableLines } from './printable.ts';

/** The exit codes of a command; TUTORIAL.md lists them. */
export const exitCodes = {
  done: 0,
  checkFailed: 1,
  usage: 2,
  refused: 3,
  incomplete: 4,
  cannotReach: 5,
} as const;

export type Ending = keyof typeof exitCodes;

/** A command that cannot continue, with its exit code. */
export class CommandFailed extends Error {
  readonly exitCode: number;

  constructor(reason: Ending, message: string) {
    super(message);
    this.name = 'CommandFailed';
    this.exitCode = exitCodes[reason];
  }
}

/** The result of a command: for programs, and in lines for people. */
export interface Report {
  readonly result: unknown;
  readonly lines: readonly string[];
  /** @default 'done' */
  readonly ends?: Ending;
}

/** The outputs of a command; each call is one `write`. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
}

/** Writes progress or a hint, for people only: a line of stderr. */
export type Note = (line: string) => void;

/** Prints a report: one line of JSON as the last of stdout, or text for people. */
export function print({ result, lines }: Report, json: boolean, terminal: Terminal): void {
  terminal.out(`${json ? printable(JSON.stringify(result)) : printableLines(lines.join('\n'))}\n`);
}
