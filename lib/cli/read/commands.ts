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

/** The nouns: they read the tables, with rights of their own, and change nothing. */
export function addReads(
  program: Command,
  { show, note }: { readonly show: (command: Command, report: Promise<Report>) => Promise<void>; note: Note },
): void {
  const json = (command: Command) =>
    command.option('--json', 'print one line of JSON, the last of stdout', false);
  const needs = (command: Command, variables: string, more = '') =>
    command.addHelpText('after', `\nReads ${variables}, AWS_REGION and AWS credentials.${more}`);

  const cases = program.command('case').description('cases');
  needs(
    json(cases.command('list'))
      .description('list the cases that are not closed, the oldest first')
      .option('--all', 'the closed ones too: reads the whole table, and costs that', false),
    'RESCIND_CASES_TABLE',
    `
Open cases come from an index that lags (a case of this moment may be missing; at most ${indexRowsMax * dueShards} rows of it
are read), their states and counts from the table. --all scans the table: 0.5 read units for each 4 KB of every row that
was ever written there, obligations and signals included.`,
  ).action(async (options: { all: boolean }, command: Command) => show(command, listCases(options, note)));
  needs(
    json(cases.command('show <id>'))
      .description('show one case, its fence, and what it owes, with its state')
      .option('--all-open', `all that is open, not the first ${obligationsShown}`, false),
    'RESCIND_CASES_TABLE; where set, RESCIND_FENCES_TABLE (for the fence) and RESCIND_REGISTRY_TABLE (for the tree)',
    `
What a case about a consent owes is shown as it grew, what others owe by authority: up to ${obligationsShown} credentials, those that are
open before those that are dead. Says what waits for an operator, and by which command it is decided. Ends with 1 where
there is no such case.`,
  ).action(async (id: string, options: { allOpen: boolean }, command: Command) =>
    show(command, showCase(id, options)),
  );

  needs(
    json(program.command('consent').description('consents').command('show <id[@generation]>')).description(
      'show a consent, its fence, and the tree of what grew out of it',
    ),
    'RESCIND_REGISTRY_TABLE, RESCIND_FENCES_TABLE',
    `
Shows the generation that is named, or the latest ${generationsShown} that anything is known of: a grant, a credential, a fence. HANGS says how
one grew: issued, exchanged for the one above it, refreshed from the one that it took the place of, or only by a grant that it
shares. What serves another consent that stands is marked; what grew out of it is shown there. At most ${credentialsShown} credentials
and ${levelsMax} levels; what is left out is said. Ends with 1 where nothing is known of it.`,
  ).action(async (id: string, _: object, command: Command) => show(command, showConsent(id)));

  needs(
    json(program.command('inventory').description('credentials').command('list'))
      .description('list the credentials of a partner or a consent')
      .option('--partner <id>', 'of this partner')
      .option('--consent <id@generation>', 'of this consent, such as consent-1@1')
      .addOption(new Option('--state <state>', 'only those in this state').choices(inventoryStates))
      .addOption(new Option('--kind <kind>', 'only those of this kind').choices(inventoryKinds))
      .option('--authority <id>', 'only those at this authority')
      .option('--limit <n>', 'at most this many', limit, listed)
      .option('--after <token>', 'go on where an earlier list ended'),
    'RESCIND_REGISTRY_TABLE, RESCIND_FENCES_TABLE (for holds)',
    `
Name --partner or --consent; --state, --kind and --authority narrow either, all that are given at once. HELD says on what a
hold stands: partner, consent or credential. A page has --limit matching credentials, unless there are no more or
${lookedAtMax} were looked at; where it does not end the list, the token for --after is on stderr, and in JSON as next. A token is
good for the same list with the same filters.`,
  ).action(async (options: ListInventory, command: Command) => show(command, listInventory(options, note)));

  needs(
    json(program.command('rotation').description('rotations').command('show <client>')).description(
      'show how a client is registered, where its rotation stands, and what stops it',
    ),
    'RESCIND_REGISTRY_TABLE; where set, RESCIND_FENCES_TABLE (for holds and cut-offs)',
  ).action(async (id: string, _: object, command: Command) => show(command, showRotation(id)));

  needs(
    json(program.command('keys').description('keys of handles').command('show')).description(
      'print the public JWK set',
    ),
    'RESCIND_REGISTRY_TABLE',
  ).action(async (_: object, command: Command) => show(command, showKeys()));

  needs(
    json(program.command('status')).description(
      'show on one screen whether anything is alive that should be dead',
    ),
    'RESCIND_CASES_TABLE; where set, RESCIND_LEDGER_TABLE, RESCIND_REJECTED_QUEUE_URL and RESCIND_EXHAUSTED_QUEUE_URL',
    `
Ends with 0 where nothing is alive that should be dead, else with 1: also where a case still lists its credentials, where
not all could be counted, and where signals wait in Exhausted. Reads an index that lags, up to a bound that it prints.`,
  ).action(async (_: object, command: Command) => show(command, showStatus(Date.now())));

  const ledger = program.command('ledger').description('the audit trail');
  needs(
    json(ledger.command('show'))
      .description('print what the ledger says of one thing')
      .option('--case <id>', 'a case, such as consent-withdrawn/consent-1/1/1')
      .option('--partner <id>', 'a partner')
      .option('--authority <id>', 'an authority')
      .option('--consent <id@generation>', 'a consent, such as consent-1@1')
      .option('--credential <authority/id>', 'a credential, such as bank/rt-1')
      .option('--client <id>', 'a client whose key rotates'),
    'RESCIND_LEDGER_TABLE; where set, RESCIND_FENCES_TABLE and RESCIND_REGISTRY_TABLE (for the cases about it)',
    `
Name exactly one. What a case did is filed under the case: where the entries, a fence or the credential's own row name one, the
last lines say how to see it.`,
  ).action(async (options: ShowLedger, command: Command) => show(command, showLedger(options)));
  needs(
    ledger.command('export').description('write the whole ledger to stdout, as JSON lines'),
    'RESCIND_LEDGER_TABLE, RESCIND_LEDGER_KEY, RESCIND_LEDGER_ORIGIN',
  ).action(() => writeExport());
  needs(
    ledger.command('key').description('print name and public key of the ledger, for verify'),
    'RESCIND_LEDGER_KEY, RESCIND_LEDGER_ORIGIN',
  ).action(() => printLedgerKey());
  json(ledger.command('verify <file>'))
    .description('hold an export against the public key, offline')
    .requiredOption('--key <file>', 'what ledger key printed')
    .option('--known <size:root>', 'a checkpoint that was kept elsewhere')
    .addHelpText('after', '\nReads no environment. Ends with 1 where the export does not verify.')
    .action(async (file: string, options: { key: string; known?: string }, command: Command) =>
      show(command, verifyExport(file, options)),
    );
}

function limit(text: string): number {
  if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= listedMax) return Number(text);
  throw new InvalidArgumentError(`Write 1 to ${listedMax}.`);
}
