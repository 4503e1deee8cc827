import { type FunctionName, environmentOf } from '../../lib/wire/environment.ts';
import { playCutOff } from './acts/cut-off.ts';
import { playExpiry } from './acts/expiry.ts';
import { playHold } from './acts/hold.ts';
import { playLedger } from './acts/ledger.ts';
import { playRotation } from './acts/rotation.ts';
import { playSecondWithdrawal } from './acts/second-withdrawal.ts';
import { playWithdrawal } from './acts/withdrawal.ts';
import type { AtRest } from './case-at-rest.ts';
import { Claims } from './claims.ts';
import { authorityCalls } from './cost/authority-calls.ts';
import { type Cost, perCredential, sumCosts } from './cost/cost.ts';
import { recordCost } from './cost/record-cost.ts';
import type { Stage } from './stage.ts';
import type { CaseSummary, Summary } from './summary.ts';
import type { Timeline } from './timeline.ts';
import { openAccounts } from './wallet.ts';

/** The acts in their order, each with its heading. */
const headings = {
  withdrawal: 'Job 3: a customer withdraws a consent, and every credential that grew out of it is revoked',
  expiry: 'Job 2: a refresh token expires at its authority',
  rotation: "Job 1: a partner's key rotates with no downtime",
  hold: 'Job 5: an operator suspends a partner, and two operators reinstate it',
  'second-withdrawal': 'Job 3 again: a consent whose credentials can all be revoked',
  'cut-off': 'Job 5: an operator cuts a partner off',
  ledger: 'Job 4: the audit trail',
} as const;
export type Act = keyof typeof headings;

export const acts = Object.keys(headings) as readonly Act[];

/** Sealing serves the whole ledger, a batch at a time, and measuring looks at every case there is: they are nobody's cost. */
const working = new Set(
  (Object.keys(environmentOf) as FunctionName[]).filter(
    (name) => name !== 'seal-ledger' && name !== 'measure-debts',
  ),
);

export interface PlayOptions {
  /** How long a case may take to come to rest, in ms of real time. */
  readonly patienceMs: number;
  /** @default all */
  readonly acts?: readonly Act[] | undefined;
  /** Each claim on a line of its own, also where all of its act hold. @default false */
  readonly verbose?: boolean | undefined;
  /** Called when an act is over. */
  readonly onAct?: ((act: Act) => void) | undefined;
}

/**
 * Plays the acts and checks each claim by real calls: to both servers, to the tables, and against what the
 * local cloud's recorder saw.
 */
export async function play(stage: Stage, timeline: Timeline, options: PlayOptions): Promise<Summary> {
  const claims = new Claims();
  const recorder = recordCost(stage.world, working);
  const wallet = await openAccounts(stage, timeline);
  const scene = { stage, timeline, claims, patienceMs: options.patienceMs, wallet };
  const act = async <Seen>(name: Act, playIt: () => Promise<Seen>): Promise<Seen | undefined> => {
    if (!(options.acts ?? acts).includes(name)) return undefined;
    timeline.heading(headings[name]);
    claims.begin(name);
    const seen = await playIt();
    options.onAct?.(name);
    return seen;
  };

  const withdrawn = await act('withdrawal', () => playWithdrawal(scene));
  const expired = await act('expiry', () => playExpiry(scene));
  const rotated = await act('rotation', () => playRotation(scene));
  await act('hold', () => playHold(scene));
  const second = await act('second-withdrawal', () => playSecondWithdrawal(scene));
  const cutOff = await act('cut-off', () => playCutOff(scene, rotated?.client ?? stage.clients.acme));
  // of whatever was played
  claims.begin('ledger');
  await claims.claim('ledger-one-to-one', async () => {
    const { changes, entries, differences } = await stage.observer.compareLedger();
    return {
      ok: changes > 0 && differences.length === 0,
      seen: differences[0] ?? `${changes} changes in ${entries} entries`,
    };
  });
  await act('ledger', () => playLedger(scene));
  recorder.stop();
  const servers = [stage.authority, stage.aggregator.authority];
  const heard = (await Promise.all(servers.map((server) => server.requests()))).flat();
  const costOf = ({ id, window }: AtRest): Cost => ({
    ...recorder.costOf(id),
    authorityCalls: authorityCalls(heard, window),
  });
  const cases = [withdrawn?.case, expired, rotated?.case, second, cutOff].flatMap((one) =>
    one ? summed(one, costOf(one)) : [],
  );
  const cost = sumCosts(...cases.map((one) => one.cost));
  const dead = cases.reduce((sum, one) => sum + one.dead, 0);
  timeline.heading('What it cost, and what was checked by real calls');
  timeline.say('cost', `${told(cost)}, for ${dead} credentials in ${cases.length} cases`);
  sayClaims(claims, timeline, options.verbose ?? false);
  return {
    ok: claims.all.every(({ ok }) => ok),
    effectMs: withdrawn?.effectMs ?? null,
    completeMs: withdrawn?.completeMs ?? null,
    cases,
    claims: claims.all,
    bystandersAlive: withdrawn?.bystandersAlive ?? 0,
    cost: { ...cost, perCredential: perCredential(cost, dead) },
  };
}

/** One line for each act whose claims hold; every claim of an act where one does not. */
function sayClaims(claims: Claims, timeline: Timeline, verbose: boolean): void {
  for (const { title, claims: all } of claims.groups) {
    const holding = all.filter(({ ok }) => ok).length;
    timeline.say(
      holding === all.length ? 'true' : 'FALSE',
      `${title}: ${holding} of ${all.length} claims hold`,
    );
    if (holding === all.length && !verbose) continue;
    for (const { claim, ok, seen } of all)
      timeline.say('', `${ok ? 'true' : 'FALSE'}  ${claim}${seen === undefined ? '' : `: ${seen}`}`);
  }
}

const summed = ({ found, tally, uncoveredNames }: AtRest, cost: Cost): CaseSummary[] =>
  found ? [{ id: found.id, state: found.state, ...tally, uncoveredNames, cost }] : [];

const told = ({ requests, writeUnits, readUnits, messages, authorityCalls: calls }: Cost): string =>
  `${requests} AWS requests, ${writeUnits} write and ${readUnits} read units, ${messages} messages, ${calls ?? 0} calls to the two servers`;
