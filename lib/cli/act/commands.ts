import { randomInt } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import { monotonicFactory } from 'ulid';
import { openDoor } from '../door.ts';
import type { Note, Report } from '../output.ts';
import { type Approve, approve } from './approve.ts';
import { execute } from './execute.ts';
import { forget } from './forget.ts';
import { plan, type Plan, plansMax } from './plan.ts';
import { register } from './register.ts';
import { reinstate } from './reinstate.ts';
import { rotate } from './rotate.ts';
import { suspend, type Suspend } from './suspend.ts';

/** Long enough to see a hundred credentials die at an authority that answers. */
const waitSeconds = 60;

/** Whoever waits longer looks with case show. */
const waitSecondsMax = 86_400;

const newId = monotonicFactory(() => randomInt(2 ** 32) / 2 ** 32);

const needs = `
Needs RESCIND_OPERATE_URL, AWS_REGION and AWS credentials with the policy RescindOperatorsPolicy on
the operate function. Who you are is AWS's word; it stands in the ledger with the reason.`;

const watches = `
Watching the case needs RESCIND_CASES_TABLE and the right to read it. Exit codes: 0 closed (or --wait 0), 4 not seen
closed in time, or nobody could look: what was executed stays executed.`;

const authorityChoices = `
What else an authority can be:
  "role"        operator: a client of Rescind's own that may revoke and introspect any token there
                party: the credentials of one client, to kill that client's tokens and no other's; a token that was never
                seen active there is not proven dead by an answer that it is inactive
  "auth"        "method": "private_key_jwt": the secret holds a JSON private JWK with kid and alg;
                  "audience": "issuer" (if left out) or "token-endpoint", whichever the server wants in an assertion
                "method": "client_secret_basic" or "client_secret_post": the secret holds the client's secret and nothing
                  round it, or {"client_secret": "…"}; a server that does not decode the header (RFC 6749 section 2.3.1)
                  needs client_secret_post
  "collateral"  grant (if left out): revoking one token there may end others of its grant; none: it ends that one alone
  "limits"      {"concurrency": 5}: calls at once`;

/** The verbs: everything that changes something goes through the operator's door. */
export function addActs(
  program: Command,
  { show, note }: { readonly show: (command: Command, report: Promise<Report>) => Promise<void>; note: Note },
): void {
  const act = (usage: string, description: string, more: string) =>
    program
      .command(usage)
      .description(description)
      .option('--json', 'print one line of JSON, the last of stdout', false)
      .addHelpText('after', `${needs}\n${more}`);
  const because = (command: Command) =>
    command.requiredOption('--reason <text>', 'why, up to 500 characters: it stands in the ledger');
  const waiting = (command: Command) =>
    command.option(
      '--wait <seconds>',
      'watch the case until it is closed; 0: do not wait',
      seconds,
      waitSeconds,
    );

  act(
    'register <file>',
    'register partners, authorities and clients',
    `
FILE holds JSON, - reads stdin: one of these, or an array of them, registered in its order. All of it is checked before
anything is sent; the first refusal ends it.
  {"partner": {"id": "acme", "revision": 1, "name": "Acme Ltd"}}
  {"authority": {"id": "bank", "revision": 1, "kind": "oauth", "role": "operator", "issuer": "https://…",
    "tokenEndpoint": "https://…", "revocationEndpoint": "https://…", "introspectionEndpoint": "https://…",
    "auth": {"method": "private_key_jwt", "clientId": "…", "secretName": "rescind/authority/bank"}}}
  {"client": {"id": "acme-app", "revision": 1, "partner": "acme", "authority": "bank", "strategy": "private-key-jwt",
    "clientId": "…", "registrationUri": "https://…", "keyId": "…", "overlapSeconds": 86400, "everySeconds": 2592000}}
${authorityChoices}

The highest revision wins: an equal or lower one is outdated and changes nothing (exit code 0). A partner that was cut off
comes back only when a second operator registers the same: exit code 4 until then.`,
  ).action(async (file: string, _: object, command: Command) => show(command, register(file, openDoor())));

  waiting(
    because(
      act(
        'plan',
        'preview what cutting a partner off would kill',
        `
Prints how many credentials, by authority and kind, and the plan to execute within the hour. Changes nothing without
--execute. With --execute it is done at once; where credentials came in between it is planned again, up to ${plansMax} times.
${watches}`,
      ).requiredOption('--partner <id>', 'the partner, as it is registered'),
    ).option('--execute', 'execute the plan at once', false),
  ).action(async (options: Plan, command: Command) =>
    show(command, plan(options, openDoor(), { note, newId })),
  );

  waiting(
    act(
      'execute <plan>',
      'cut a partner off: kill what a plan listed',
      `
Fences the partner and kills exactly the set of the plan. Refused with set-changed where credentials came since: plan
again. Executing a plan twice does it once.
${watches}`,
    ),
  ).action(async (id: string, options: { wait: number }, command: Command) =>
    show(command, execute(id, options, openDoor(), note)),
  );

  because(
    act(
      'forget <pseudonym>',
      'delete the link between a customer and what is kept of them, for good',
      `
PSEUDONYM is what rescind consent show prints as the customer. Consents, ledger and proofs stay as they are; nobody finds the
customer from them any more, nor them from the customer.`,
    ),
  ).action(async (pseudonym: string, options: { reason: string }, command: Command) =>
    show(command, forget(pseudonym, options, openDoor())),
  );

  because(
    act(
      'suspend',
      'put a reversible hold on a partner, a consent or a credential',
      `
Name exactly one of --partner, --consent, --credential. Destroys nothing; one operator suspends, two reinstate.`,
    )
      .option('--partner <id>', 'the partner: all of its access')
      .option('--consent <id>', 'the consent, in all its generations')
      .option('--credential <authority/id>', 'the credential alone, such as bank/rt-1'),
  ).action(async (options: Suspend, command: Command) => show(command, suspend(options, openDoor(), newId)));

  because(
    act(
      'reinstate <hold>',
      'lift a hold; takes two operators',
      `
HOLD is what suspend printed. The first operator asks (exit code 4), a second one runs the same command within the time
that is printed and lifts it (exit code 0).`,
    ),
  ).action(async (hold: string, options: { reason: string }, command: Command) =>
    show(command, reinstate(hold, options, openDoor())),
  );

  because(
    act(
      'approve <case>',
      'let a credential of a case be killed although others die with it',
      `
Where an authority revokes by grant, killing one credential can end others that no case is about. Such a one is left alone
and its case stays open, until an operator approves it here: what lives on the same grant dies with it. One operator is
enough; rescind case show CASE says which credentials wait for that, and what would end with them.`,
    ).requiredOption(
      '--credential <authority/id>',
      'the credential that waits, as case show prints it below',
    ),
  ).action(async (id: string, options: Approve, command: Command) =>
    show(command, approve(id, options, openDoor())),
  );

  because(
    act(
      'rotate <client>',
      "have a client's secret rotated now",
      `
The new key works before the old one goes: rescind rotation show CLIENT says where it stands.`,
    ),
  ).action(async (client: string, options: { reason: string }, command: Command) =>
    show(command, rotate(client, options, openDoor())),
  );
}

function seconds(text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= waitSecondsMax) return Number(text);
  throw new InvalidArgumentError(`Write whole seconds, 0 to ${waitSecondsMax}.`);
}
