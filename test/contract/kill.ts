import type { Connector, RevokeOutcome, Sighting, Target } from '../../lib/connectors/connector.ts';
import { type Judgement, judge } from '../../lib/domain/decisions/proof/judge.ts';

export interface Kill {
  readonly before: readonly Sighting[];
  readonly revoked: RevokeOutcome;
  readonly after: readonly Sighting[];
  readonly canaryAt: number | undefined;
  readonly judgement: Judgement;
}

/** As a worker does it: look, revoke, look again, ask for a canary, judge. */
export async function kill(target: Target, connector: Connector, clock: () => number): Promise<Kill> {
  const before = await connector.probe(target);
  const revoked = await connector.revoke(target);
  const after = await connector.probe(target);
  const canaryAt = await connector.seeCanary();
  const now = clock();
  const at = new Date(now).toISOString();
  return {
    before,
    revoked,
    after,
    canaryAt,
    judgement: judge({ before, revoked, after, canaryAt, now, at }),
  };
}
