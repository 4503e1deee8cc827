import { addTallies, type Case, emptyTally, type Tally } from '../../lib/domain/case/case.ts';
import type { CaseId } from '../../lib/domain/ids.ts';
import type { CallWindow } from './cost/authority-calls.ts';
import type { Scene } from './scene.ts';

/** However short the patience: what is on its way gets this long to come to rest. */
const restMsMin = 5_000;

/** How often the story looks whether a case has come to rest. */
const lookMs = 50;

/** A case as the tables have it. */
export interface CaseSeen {
  readonly id: CaseId;
  readonly found: Case | undefined;
  readonly tally: Tally;
  /** Credentials of the case that no connector can kill. */
  readonly uncoveredNames: readonly string[];
}

/** A case as it was left. */
export interface AtRest extends CaseSeen {
  /** Whatever can be killed is proven dead; false: the patience was over before. */
  readonly proven: boolean;
  /** Ms of the world's clock: from what set it off to its rest. In between the story calls nobody. */
  readonly window: CallWindow;
}

/**
 * Waits until the case is closed, or open for nothing but what no connector can kill, or the patience is over; `from`: when
 * it was set off.
 */
export async function caseAtRest(id: CaseId, from: number, scene: Scene): Promise<AtRest> {
  const { world } = scene.stage;
  const givenUpAt = performance.now() + scene.patienceMs;
  for (;;) {
    await world.settle(Math.max(restMsMin, givenUpAt - performance.now()));
    const seen = await seeCase(id, scene);
    const proven = seen.found?.state === 'closed' || isOpenForUncovered(seen);
    if (proven || performance.now() > givenUpAt)
      return { ...seen, proven, window: { from, to: world.clock.now() } };
    await new Promise((done) => setTimeout(done, lookMs));
  }
}

export async function seeCase(id: CaseId, { stage: { tables } }: Scene): Promise<CaseSeen> {
  const found = await tables.cases.find(id);
  const tallies = found ? await tables.cases.tallies(found) : [];
  const uncoveredNames = found ? await tables.cases.uncovered(found) : [];
  return { id, found, tally: addTallies(...tallies.map((one) => one ?? emptyTally)), uncoveredNames };
}

function isOpenForUncovered({ found, tally }: CaseSeen): boolean {
  const { planned, dead, open, uncovered } = tally;
  const walked = found?.state === 'working' && found.cursors === 0;
  return walked && uncovered > 0 && open === uncovered && planned === dead + open;
}

/** Closed, with every planned credential proven dead, and told on the bus. */
export function provenAndTold(seen: CaseSeen, scene: Scene) {
  const { found, tally } = seen;
  const told = isToldClosed(seen, scene);
  const proven = tally.planned > 0 && tally.dead === tally.planned;
  return { ok: found?.state === 'closed' && proven && told, seen: described(seen, told) };
}

/** Open, and not told otherwise, for exactly one credential that no connector can kill; the others are proven dead. */
export function openForOne(seen: CaseSeen, scene: Scene) {
  const { tally } = seen;
  const told = isToldClosed(seen, scene);
  const ok = isOpenForUncovered(seen) && tally.uncovered === 1 && tally.dead > 0 && !told;
  return { ok, seen: described(seen, told) };
}

const isToldClosed = ({ id }: CaseSeen, { stage }: Scene): boolean =>
  stage.observer.sent.some((event) => event['detail-type'] === 'Case Closed' && event.detail['case'] === id);

function described({ found, tally }: CaseSeen, told: boolean): string {
  const { planned, dead, open, uncovered } = tally;
  const announced = told ? 'announced' : 'not announced';
  return `${found?.state ?? 'no case'}, ${dead} of ${planned} dead, ${open} open (uncovered ${uncovered}), closing ${announced}`;
}
