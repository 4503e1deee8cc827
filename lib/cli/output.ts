/** How a command ended: see the exit codes in the README. */
export const exitCodes = {
  done: 0,
  checkFailed: 1,
  usage: 2,
  refused: 3,
  incomplete: 4,
  cannotReach: 5,
} as const;

/** A command that cannot go on, with the code that it ends with. */
export class CommandFailed extends Error {
  readonly exitCode: number;

  constructor(reason: keyof typeof exitCodes, message: string) {
    super(message);
    this.name = 'CommandFailed';
    this.exitCode = exitCodes[reason];
  }
}

/** Prints a result: one line of JSON as the last of stdout, or text for people. */
export function print(result: unknown, text: string, json: boolean): void {
  process.stdout.write(`${json ? JSON.stringify(result) : text}\n`);
}
