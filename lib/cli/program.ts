import { Command, CommanderError } from 'commander';
import { addActs } from './act/commands.ts';
import { help } from './help.ts';
import { CommandFailed, type Ending, exitCodes, print, type Report, type Terminal } from './output.ts';
import { printable, printableLines } from './printable.ts';
import { addReads } from './read/commands.ts';

const about = `
Nouns read the tables; verbs act, through the operate function and under your own name. With --json the last line of stdout
is the result; everything else is on stderr.
The variables that a command needs are in its --help; the outputs of the stack bear the same names, RESCIND_CASES_TABLE as
RescindCasesTable.`;

const codes = '\nExit codes: 0 done, 1 a check failed, 2 usage, 3 refused, 4 incomplete, 5 cannot reach.';

/** Runs one command of `rescind` to its end and gives its exit code; writes to the terminal, and reads `process.env`. */
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
    .description('Takes API access away, and looks into a running Rescind.')
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

/** How AWS's refusals end a command; anything else is an answer that did not come. */
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
  CredentialsProviderError: 'there are no AWS credentials: set AWS_PROFILE, or sign in',
  QueueDoesNotExist:
    'there is no such queue in this account and region: compare RESCIND_EXHAUSTED_QUEUE_URL with the outputs of the stack',
  ResourceNotFoundException:
    'there is no such table in this account and region: compare RESCIND_CASES_TABLE with the outputs of the stack',
};

/** commander has said its own errors; everything else is one line. */
function codeFor(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  const { message, name } = error instanceof Error ? error : new Error(String(error));
  terminal.err(`rescind: ${printable(explained[name] ?? message)}\n`);
  if (error instanceof CommandFailed) return error.exitCode;
  return exitCodes[reasons[name] ?? 'cannotReach'];
}
