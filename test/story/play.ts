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

/** The acts, in their order. */
export const acts = [
  'withdrawal',
  'expiry',
  'rotation',
  'hold',
  'second-withdrawal',
  'cut-off',
  'ledger',
] as const;
export type Act = (typeof acts)[number];

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
  timeline.say('cost', `${told(cost)}, for ${dead} credentials in ${cases.length} cases`);
  for (const { claim, ok, seen } of claims.all)
    timeline.say(ok ? 'true' : 'FALSE', seen === undefined ? claim : `${claim}: ${seen}`);
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

const summed = ({ found, tally, uncoveredNames }: AtRest, cost: Cost): CaseSummary[] =>
  found ? [{ id: found.id, state: found.state, ...tally, uncoveredNames, cost }] : [];

const told = ({ requests, writeUnits, readUnits, messages, authorityCalls: calls }: Cost): string =>
  `${requests} AWS requests, ${writeUnits} write and ${readUnits} read units, ${messages} messages, ${calls ?? 0} calls to the two servers`;
