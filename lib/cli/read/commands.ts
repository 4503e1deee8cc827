import { type Command, InvalidArgumentError, Option } from 'commander';
import { indexRowsMax } from '../../aws/dynamodb/readers/open-work.ts';
import { dueShards } from '../../domain/limits.ts';
import type { Note, Report } from '../output.ts';
import { listCases } from './case/case-list.ts';
import { obligationsShown, showCase } from './case/case-show.ts';
import { credentialsShown, generationsShown, showConsent } from './consent-show.ts';
import {
  inventoryKinds,
  inventoryStates,
  listInventory,
  type ListInventory,
  lookedAtMax,
} from './inventory-list.ts';
import { showKeys } from './keys-show.ts';
import { printLedgerKey, writeExport } from './ledger/ledger-export.ts';
import { type ShowLedger, showLedger } from './ledger/ledger-show.ts';
import { verifyExport } from './ledger/ledger-verify.ts';
import { showRotation } from './rotation-show.ts';
import { showStatus } from './status.ts';
import { levelsMax } from './tree/rows.ts';

const listed = 50;
const listedMax = 1_000;

/** The nouns: they read the tables with the caller's own rights, and change nothing. */
export function addReads(
  program: Command,
  { show, note }: { readonly show: (command: Command, report: Promise<Report>) => Promise<void>; note: Note },
): void {
  const json = (command: Command) =>
    command.option('--json', 'print the result as one line of JSON, the last line of stdout', false);
  const needs = (command: Command, variables: string, more = '') =>
    command.addHelpText('after', `\nReads ${variables}, AWS_REGION and AWS credentials.${more}`);

  const cases = program.command('case').description('list and show cases');
  needs(
    json(cases.command('list'))
      .description('list the cases that are not closed, oldest first')
      .option('--all', 'list closed cases too: reads the whole table, at a cost', false),
    'RESCIND_CASES_TABLE',
    `
ALIVE counts the obligations that are open or draining. Open cases are found by an index that lags: a case of the last seconds
may be missing. At most ${indexRowsMax * dueShards} rows of the index are read; states and counts are read from the table. --all scans the
table: 0.5 read units for each 4 KB of all rows in it, including obligations and signals.`,
  ).action(async (options: { all: boolean }, command: Command) => show(command, listCases(options, note)));
  needs(
    json(cases.command('show <id>'))
      .description('show one case: its state, its fence, its obligations, and what to do next')
      .option('--all-open', `show all open obligations, not only the first ${obligationsShown}`, false),
    'RESCIND_CASES_TABLE; if set, RESCIND_FENCES_TABLE (for the fence) and RESCIND_REGISTRY_TABLE (for the tree)',
    `
A case is the work that one signal causes. An obligation is one credential that must die in the case: it is open until it is
proven dead, or waived. draining: it cannot be revoked and ends at its expiry. uncovered: no connector can kill it.
The obligations of a case about a consent are shown as a tree by their delegation, those of other cases by authority: up to
${obligationsShown} credentials, open ones first. Below the table, each code of the last attempts is explained, and each obligation that
waits for a person is named with what to do. Exit code 1 if there is no such case.`,
  ).action(async (id: string, options: { allOpen: boolean }, command: Command) =>
    show(command, showCase(id, options)),
  );

  needs(
    json(
      program.command('consent').description('show consents').command('show <id[@generation]>'),
    ).description('show a consent, its fence, and the tree of its credentials'),
    'RESCIND_REGISTRY_TABLE, RESCIND_FENCES_TABLE',
    `
Shows the named generation, or the latest ${generationsShown} generations that have a grant, a credential or a fence. ORIGIN is: issued; exchanged
for the credential above; refreshed from the credential that it replaced; or same grant, if it shares only a grant with the
credential above. A credential that serves another active consent is marked; its descendants are shown under that consent. At
most ${credentialsShown} credentials and ${levelsMax} levels are shown, and the last lines say what is missing. Exit code 1 if nothing is known of it.`,
  ).action(async (id: string, _: object, command: Command) => show(command, showConsent(id)));

  needs(
    json(program.command('inventory').description('list credentials').command('list'))
      .description('list the credentials of a partner or a consent')
      .option('--partner <id>', 'list the credentials of this partner')
      .option('--consent <id@generation>', 'list the credentials of this consent, such as consent-1@1')
      .addOption(new Option('--state <state>', 'only credentials in this state').choices(inventoryStates))
      .addOption(new Option('--kind <kind>', 'only credentials of this kind').choices(inventoryKinds))
      .option('--authority <id>', 'only credentials at this authority')
      .option('--limit <n>', 'list at most this many', limit, listed)
      .option('--after <token>', 'continue where an earlier list ended'),
    'RESCIND_REGISTRY_TABLE, RESCIND_FENCES_TABLE (for holds)',
    `
Name --partner or --consent. --state, --kind and --authority can be combined; a credential must match all of them. HELD names
what an active hold is on: partner, consent or credential. A page has --limit credentials, unless there are no more or
${lookedAtMax} were read. If the list continues, the token for --after is on stderr, and in JSON it is next. A token is valid for
the same list with the same filters.`,
  ).action(async (options: ListInventory, command: Command) => show(command, listInventory(options, note)));

  needs(
    json(program.command('rotation').description('show rotations').command('show <client>')).description(
      "show a client's registration, the state of its rotation, and what stops the rotation",
    ),
    'RESCIND_REGISTRY_TABLE; if set, RESCIND_FENCES_TABLE (for holds and cut-offs)',
  ).action(async (id: string, _: object, command: Command) => show(command, showRotation(id)));

  needs(
    json(program.command('keys').description('show the public keys for handles').command('show')).description(
      'print the public JWK set that senders encrypt handles to',
    ),
    'RESCIND_REGISTRY_TABLE',
  ).action(async (_: object, command: Command) => show(command, showKeys()));

  needs(
    json(program.command('status')).description(
      'show on one screen whether a credential is alive that should be dead',
    ),
    'RESCIND_CASES_TABLE; if set, RESCIND_LEDGER_TABLE, RESCIND_REJECTED_QUEUE_URL and RESCIND_EXHAUSTED_QUEUE_URL',
    `
Each line is one count, with what to do about it:
  cases       open cases, and the command that shows the oldest
  alive       credentials that must die and are not proven dead: open ones, and draining ones, which end at their expiry
  overdue     obligations that no worker comes to
  authority   an authority that does not answer, since when, why, and when Rescind calls it next; one line for each
  outbox      events that are not sent to the bus yet
  ledger      entries that are not sealed yet
  checkpoint  the last signed tree head of the ledger
  rejected    announcements that intake refused
  exhausted   dead-lettered messages
Exit code 0 if no credential is alive that should be dead, as far as was read; else 1. The exit code is 1 also if a walk still
lists credentials, if not all could be counted, and if Rejected or Exhausted has a message. Reads an index that lags, up to a
limit that the last line prints.`,
  ).action(async (_: object, command: Command) => show(command, showStatus(Date.now())));

  const ledger = program.command('ledger').description('show, export and verify the audit trail');
  needs(
    json(ledger.command('show'))
      .description('print the entries of the ledger about one subject')
      .option('--case <id>', 'a case, such as consent-withdrawn/consent-1/1/1')
      .option('--partner <id>', 'a partner')
      .option('--authority <id>', 'an authority')
      .option('--consent <id@generation>', 'a consent, such as consent-1@1')
      .option('--credential <authority/id>', 'a credential, such as bank/rt-1')
      .option('--client <id>', 'a client whose key rotates'),
    'RESCIND_LEDGER_TABLE; if set, RESCIND_FENCES_TABLE and RESCIND_REGISTRY_TABLE (for the cases about it)',
    `
Name exactly one. The work of a case is recorded under the case. If an entry, a fence or the credential names a case, the last
lines are the commands that show it.`,
  ).action(async (options: ShowLedger, command: Command) => show(command, showLedger(options)));
  needs(
    ledger.command('export').description('write the whole ledger to stdout, as JSON lines'),
    'RESCIND_LEDGER_TABLE, RESCIND_LEDGER_KEY, RESCIND_LEDGER_ORIGIN',
  ).action(() => writeExport());
  needs(
    ledger.command('key').description('print the name and the public key of the ledger, for verify'),
    'RESCIND_LEDGER_KEY, RESCIND_LEDGER_ORIGIN',
  ).action(() => printLedgerKey());
  json(ledger.command('verify <file>'))
    .description('verify an export with the public key, offline')
    .requiredOption('--key <file>', 'the output of rescind ledger key')
    .option('--known <size:root>', 'a checkpoint that was kept elsewhere')
    .addHelpText('after', '\nReads no environment. Exit code 1 if the export does not verify.')
    .action(async (file: string, options: { key: string; known?: string }, command: Command) =>
      show(command, verifyExport(file, options)),
    );
}

function limit(text: string): number {
  if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= listedMax) return Number(text);
  throw new InvalidArgumentError(`Write 1 to ${listedMax}.`);
}
