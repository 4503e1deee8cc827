import { Command, CommanderError } from 'commander';
import { addActs } from './act/commands.ts';
import { help } from './help.ts';
import { CommandFailed, type Ending, exitCodes, print, type Report, type Terminal } from './output.ts';
import { printable, printableLines } from './printable.ts';
import { addReads } from './read/commands.ts';

const about = `
Commands that are nouns (case, status, ledger) read the tables and change nothing. Commands that are verbs (register, suspend,
plan) send an order to the operate function; the ledger records it with your AWS identity. With --json the last line of stdout
is the result, and everything else is on stderr.
The --help of a command lists the variables that it reads. The outputs of the stack have the same names: RESCIND_CASES_TABLE is
the output RescindCasesTable.`;

const codes = '\nExit codes: 0 done, 1 a check failed, 2 usage, 3 refused, 4 incomplete, 5 cannot reach.';

/** Runs one command of `rescind` and returns its exit code; writes to the terminal, and reads `process.env`. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  let ending: Ending = 'done';
  const show = async (command: Command, report: Promise<Report>) => {
    const { json } = command.opts<{ json: boolean }>();
    const done = await report;
    ending = done.ends ?? 'done';
    print(done, json, terminal);
  };
  const note = (line: string) => terminal.err(`${printable(line)}\n`);
  const program = new Command('rescind')
    .description('Takes API access away, and shows what a running Rescind has done.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(printableLines(text)),
      writeErr: (text) => terminal.err(printableLines(text)),
    })
    .configureHelp(help)
    .addHelpText('after', about)
    .addHelpText('afterAll', codes);
  addReads(program, { show, note });
  addActs(program, { show, note });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    return codeFor(error, terminal);
  }
  return exitCodes[ending];
}

/** How errors of AWS end a command; for all others, no answer came. */
const reasons: Readonly<Record<string, Ending>> = {
  AccessDeniedException: 'refused',
  CredentialsProviderError: 'usage',
  ExpiredTokenException: 'refused',
  InvalidSignatureException: 'refused',
  QueueDoesNotExist: 'refused',
  ResourceNotFoundException: 'refused',
  UnrecognizedClientException: 'refused',
};

const explained: Readonly<Record<string, string>> = {
  CredentialsProviderError: 'no AWS credentials were found: set AWS_PROFILE, or sign in',
  QueueDoesNotExist:
    'there is no such queue in this account and region: compare RESCIND_EXHAUSTED_QUEUE_URL with the outputs of the stack',
  ResourceNotFoundException:
    'there is no such table or key in this account and region: compare the variables of this command (--help) with the outputs of the stack',
};

/** Prints an error in one line, unless commander has printed it already; returns the exit code. */
function codeFor(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  const { message, name } = error instanceof Error ? error : new Error(String(error));
  terminal.err(`rescind: ${printable(explained[name] ?? message)}\n`);
  if (error instanceof CommandFailed) return error.exitCode;
  return exitCodes[reasons[name] ?? 'cannotReach'];
}
