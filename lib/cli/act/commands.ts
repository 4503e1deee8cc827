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

/** The default: long enough to see a hundred credentials die at an authority that answers. */
const waitSeconds = 60;

/** The maximum, a day. To watch for longer, use `case show`. */
const waitSecondsMax = 86_400;

const newId = monotonicFactory(() => randomInt(2 ** 32) / 2 ** 32);

const needs = `
Needs RESCIND_OPERATE_URL, AWS_REGION and AWS credentials with the policy RescindOperatorsPolicy of the stack. The ledger
records the order with the identity that AWS verified, and with the reason.`;

const watches = `
To watch the case, the command needs RESCIND_CASES_TABLE and the right to read it. Exit codes: 0 the case is closed (or --wait 0);
4 the case was not seen closed in time, or could not be read. The plan is executed in either case.`;

const authorityChoices = `
Members of an authority:
  "role"        "operator": Rescind has a client of its own, which may revoke and introspect every token there
                "party": Rescind has the credentials of one client, and can kill the tokens of that client only. A token that
                  Rescind never saw active there cannot be proven dead by the answer "inactive"
  "auth"        "method": "private_key_jwt": the secret is a private JWK in JSON, with kid and alg
                  "audience": what the server expects in the assertion: "issuer" (default) or "token-endpoint"
                "method": "client_secret_basic" or "client_secret_post": the secret is the client secret alone, or
                  {"client_secret": "…"}. Use client_secret_post for a server that does not decode the header (RFC 6749
                  section 2.3.1)
  "collateral"  "grant" (default): revoking one token there may end other tokens of its grant. "none": it ends that token only
  "limits"      {"concurrency": 5}: at most this many calls at once`;

/** The verbs: everything that changes something goes through the operator's door. */
export function addActs(
  program: Command,
  { show, note }: { readonly show: (command: Command, report: Promise<Report>) => Promise<void>; note: Note },
): void {
  const act = (usage: string, description: string, more: string) =>
    program
      .command(usage)
      .description(description)
      .option('--json', 'print the result as one line of JSON, the last line of stdout', false)
      .addHelpText('after', `${needs}\n${more}`);
  const because = (command: Command) =>
    command.requiredOption('--reason <text>', 'why, up to 500 characters; the ledger records it');
  const waiting = (command: Command) =>
    command.option(
      '--wait <seconds>',
      'watch the case for up to this many seconds, until it is closed; 0: do not wait',
      seconds,
      waitSeconds,
    );

  act(
    'register <file>',
    'register partners, authorities and clients',
    `
FILE is JSON; - reads stdin. It has one of these things, or an array of them, which is registered in its order. All things are
checked before the first is sent. The command stops at the first that is refused or waits for a second operator.
  {"partner": {"id": "acme", "revision": 1, "name": "Acme Ltd"}}
  {"authority": {"id": "bank", "revision": 1, "kind": "oauth", "role": "operator", "issuer": "https://…",
    "tokenEndpoint": "https://…", "revocationEndpoint": "https://…", "introspectionEndpoint": "https://…",
    "auth": {"method": "private_key_jwt", "clientId": "…", "secretName": "rescind/authority/bank"}}}
  {"client": {"id": "acme-app", "revision": 1, "partner": "acme", "authority": "bank", "strategy": "private-key-jwt",
    "clientId": "…", "registrationUri": "https://…", "keyId": "…", "overlapSeconds": 86400, "everySeconds": 2592000}}
${authorityChoices}

What it prints, one line for each thing:
  registered    this revision is registered
  outdated      an equal or higher revision is registered already: nothing was changed. To change a thing, raise its "revision"
  asked         two different operators must register the same file: for a new authority, a change of its endpoints, role, auth
                or collateral, and a partner that was cut off. Nothing is changed until the second operator has done so
  refused       nothing was changed; the line says what to correct
  not sent      the things after the one where the command stopped
Exit codes: 0 all are registered or outdated, 2 the file is not valid, 3 refused, 4 a second operator is needed.`,
  ).action(async (file: string, _: object, command: Command) => show(command, register(file, openDoor())));

  waiting(
    because(
      act(
        'plan',
        'preview the cut-off of a partner: what it would kill',
        `
Prints how many credentials the cut-off would kill, by authority and kind, and the id of the plan, which can be executed within
the hour. Nothing is cut off without --execute. With --execute the plan is executed at once; if credentials are announced in
between, a new plan is made, up to ${plansMax} plans in all.
${watches}`,
      ).requiredOption('--partner <id>', 'the partner, as it is registered'),
    ).option('--execute', 'execute the plan at once', false),
  ).action(async (options: Plan, command: Command) =>
    show(command, plan(options, openDoor(), { note, newId })),
  );

  waiting(
    act(
      'execute <plan>',
      'cut a partner off: execute a plan',
      `
Fences the partner and opens a case that kills the credentials of the plan. If credentials were announced since the plan was
made, the order is refused with set-changed: plan again. Executing a plan a second time changes nothing.
${watches}`,
    ),
  ).action(async (id: string, options: { wait: number }, command: Command) =>
    show(command, execute(id, options, openDoor(), note)),
  );

  because(
    act(
      'forget <pseudonym>',
      'delete the link between a customer and the pseudonym, permanently',
      `
PSEUDONYM is the customer that rescind consent show prints. Consents, ledger and proofs stay unchanged. Afterwards the customer
cannot be found from them, nor they from the customer.`,
    ),
  ).action(async (pseudonym: string, options: { reason: string }, command: Command) =>
    show(command, forget(pseudonym, options, openDoor())),
  );

  because(
    act(
      'suspend',
      'put a reversible hold on a partner, a consent or a credential',
      `
Name exactly one of --partner, --consent, --credential. One operator suspends; two different operators reinstate.
A hold blocks the rotation of client keys: rescind rotate is refused, no rotation begins, and one in progress takes no further
step, while the partner or the client's current key is held. The hold is recorded in the ledger, shown by consent show and
inventory list, and sent to the bus as the event Access Held.
A hold blocks nothing else. It revokes nothing: tokens and keys that exist keep working at the APIs until a gate is attached.
New consents and credentials are recorded, withdrawals, expiry and cut-offs continue, and an old key whose overlap is over is
still retired. A hold on a consent is recorded, shown and announced, and blocks nothing yet.
To stop access now, cut the partner off (rescind plan), or have the consent withdrawn at its consent service.`,
    )
      .option('--partner <id>', 'the partner with this id')
      .option('--consent <id>', 'the consent, in all its generations')
      .option('--credential <authority/id>', 'one credential, such as bank/rt-1'),
  ).action(async (options: Suspend, command: Command) => show(command, suspend(options, openDoor(), newId)));

  because(
    act(
      'reinstate <hold>',
      'lift a hold; takes two operators',
      `
HOLD is the id that suspend printed. The first operator asks for the lift (exit code 4). A second operator runs the same
command before the printed time and lifts the hold (exit code 0).`,
    ),
  ).action(async (hold: string, options: { reason: string }, command: Command) =>
    show(command, reinstate(hold, options, openDoor())),
  );

  because(
    act(
      'approve <case>',
      'accept the collateral of one credential of a case',
      `
An authority that revokes by grant may end live credentials outside the case together with the one that must die. Rescind does
not revoke such a credential, and its case stays open, until an operator accepts this here. Then the others on the same grant
end too. One operator is enough. rescind case show CASE names the credentials that wait for this, and those that would end.`,
    ).requiredOption(
      '--credential <authority/id>',
      'the credential that waits, as rescind case show prints it below the table',
    ),
  ).action(async (id: string, options: Approve, command: Command) =>
    show(command, approve(id, options, openDoor())),
  );

  because(
    act(
      'rotate <client>',
      "rotate a client's key now",
      `
The new key works before the old one is retired. rescind rotation show CLIENT prints the state of the rotation. Refused while a
rotation of the client is in progress, a hold is active, or its partner is cut off.`,
    ),
  ).action(async (client: string, options: { reason: string }, command: Command) =>
    show(command, rotate(client, options, openDoor())),
  );
}

function seconds(text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= waitSecondsMax) return Number(text);
  throw new InvalidArgumentError(`Write whole seconds, 0 to ${waitSecondsMax}.`);
}
