#!/usr/bin/env -S npx tsx
import { Command, CommanderError } from 'commander';
import { showCase } from '../lib/cli/case-show.ts';
import { showKeys } from '../lib/cli/keys-show.ts';
import { printLedgerKey, writeExport } from '../lib/cli/ledger-export.ts';
import { type ShowLedger, showLedger } from '../lib/cli/ledger-show.ts';
import { verifyExport } from '../lib/cli/ledger-verify.ts';
import { CommandFailed, exitCodes } from '../lib/cli/output.ts';

const program = new Command('rescind').description('Looks into a running Rescind.').exitOverride();
const json = (command: Command): Command =>
  command.option('--json', 'print one line of JSON, the last of stdout', false);

json(program.command('case').description('cases').command('show <id>').description('show one case')).action(
  (id: string, options: { json: boolean }) => showCase(id, options),
);
json(
  program
    .command('keys')
    .description('keys of handles')
    .command('show')
    .description('print the public JWK set'),
).action((options: { json: boolean }) => showKeys(options));

const ledger = program.command('ledger').description('the audit trail');
json(ledger.command('show').description('print what the ledger says of one thing'))
  .option('--case <id>')
  .option('--partner <id>')
  .option('--authority <id>')
  .option('--consent <id@generation>')
  .option('--credential <authority/id>')
  .action((options: ShowLedger) => showLedger(options));
ledger
  .command('export')
  .description('write the whole ledger to stdout, as JSON lines')
  .action(() => writeExport());
ledger
  .command('key')
  .description('print name and public key of the ledger, for verify')
  .action(() => printLedgerKey());
json(ledger.command('verify <file>').description('hold an export against the public key, offline'))
  .requiredOption('--key <file>', 'what ledger key printed')
  .option('--known <size:root>', 'a checkpoint that was kept elsewhere')
  .action((file: string, options: { key: string; known?: string; json: boolean }) =>
    verifyExport(file, options),
  );

/** How AWS's refusals end a command; anything else is an answer that did not come. */
const reasons: Readonly<Record<string, keyof typeof exitCodes>> = {
  AccessDeniedException: 'refused',
  CredentialsProviderError: 'usage',
  ExpiredTokenException: 'refused',
  InvalidSignatureException: 'refused',
  ResourceNotFoundException: 'refused',
  UnrecognizedClientException: 'refused',
};

const explained: Readonly<Record<string, string>> = {
  CredentialsProviderError: 'there are no AWS credentials: set AWS_PROFILE, or sign in',
  ResourceNotFoundException:
    'there is no such table in this account and region: compare RESCIND_CASES_TABLE with the outputs of the stack',
};

// this one runs on the operator's Node; the SDK's notice about Node 20 belongs elsewhere
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = codeFor(error);
}

/** commander has said its own errors; everything else is one line. */
function codeFor(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  const { message, name } = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(`rescind: ${explained[name] ?? message}\n`);
  if (error instanceof CommandFailed) return error.exitCode;
  return exitCodes[reasons[name] ?? 'cannotReach'];
}
