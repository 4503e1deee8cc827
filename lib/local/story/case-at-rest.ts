import { addTallies, type Case, emptyTally, type Tally } from '../../domain/case.ts';
import type { CaseId } from '../../domain/ids.ts';
import type { CallWindow } from './cost/authority-calls.ts';
import type { Scene } from './scene.ts';

/** However short the patience: what is on its way gets this long to come to rest. */
const restMsMin = 5_000;

/** How often the story looks whether a case has closed. */
const lookMs = 50;

/** A case as it was left: closed, or as far as the patience reached. */
export interface AtRest {
  readonly id: CaseId;
  readonly found: Case | undefined;
  readonly tally: Tally;
  /** Credentials of the case that no connector can kill. */
  readonly uncoveredNames: readonly string[];
  /** Ms of the world's clock: from what set it off to its rest. In between the story calls nobody. */
  readonly window: CallWindow;
}

/** Waits until the case is closed, or the patience is over; `from`: when it was set off. */
export async function caseAtRest(id: CaseId, from: number, { stage, patienceMs }: Scene): Promise<AtRest> {
  const { world, tables } = stage;
  const givenUpAt = performance.now() + patienceMs;
  for (;;) {
    await world.settle(Math.max(restMsMin, givenUpAt - performance.now()));
    const found = await tables.cases.find(id);
    if (found?.state === 'closed' || performance.now() > givenUpAt) {
      const tallies = found ? await tables.cases.tallies(found) : [];
      const uncoveredNames = found ? await tables.cases.uncovered(found) : [];
      const tally = addTallies(...tallies.map((one) => one ?? emptyTally));
      return { id, found, tally, uncoveredNames, window: { from, to: world.clock.now() } };
    }
    await new Promise((done) => setTimeout(done, lookMs));
  }
}

/** Closed, with every planned credential proven dead, and told on the bus. */
export function provenAndTold({ id, found, tally }: AtRest, { stage }: Scene) {
  const told = stage.observer.sent.some(
    (event) => event['detail-type'] === 'Case Closed' && event.detail['case'] === id,
  );
  const proven = tally.planned > 0 && tally.dead === tally.planned;
  const seen = `${found?.state ?? 'no case'}, ${tally.dead} of ${tally.planned} dead, ${told ? 'announced' : 'not announced'}`;
  return { ok: found?.state === 'closed' && proven && told, seen };
}
