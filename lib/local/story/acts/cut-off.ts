import type { PartnerClient } from '../../authority/partner-client.ts';
import { caseId, partnerId } from '../../../domain/ids.ts';
import { type AtRest, caseAtRest, provenAndTold } from '../case-at-rest.ts';
import { ordered, request } from '../operator.ts';
import type { Scene } from '../scene.ts';
import { all, looks } from '../wallet.ts';

/** An operator cuts acme off: first it is shown what would die, then exactly that dies, acme's own key with it. */
export async function playCutOff(scene: Scene, acme: PartnerClient): Promise<AtRest> {
  const { stage, timeline, claims, wallet } = scene;
  const { order, tables, clients, auditor } = stage;
  const asked = {
    command: 'plan',
    request: request(),
    partner: 'acme',
    reason: 'its key was leaked',
  } as const;
  const planned = await ordered('planned', order('alice', asked));
  const groups = planned.groups.map(({ count, kind, authority }) => `${count} ${kind} at ${authority}`);
  timeline.say(
    'alice',
    `plans to cut acme off: ${planned.count} credentials would die (${groups.join(', ')})`,
  );
  const worked = await acme.authenticate();
  const { plan } = planned;
  const from = stage.world.clock.now();
  const executed = await ordered('executed', order('alice', { command: 'execute', plan }));
  const ended = await caseAtRest(caseId(executed.case), from, scene);
  const { tally, found } = ended;
  timeline.say(
    'cut-off',
    `acme is fenced; ${tally.dead} of ${tally.planned} credentials proven dead, case ${found?.state ?? 'missing'}`,
  );
  await claims.claim('partner-cut-off', async () => {
    const fence = await tables.fences.find({ type: 'partner', id: partnerId('acme') });
    const { refresh, access } = wallet['consent-3'];
    const tokens = all(await looks(auditor, [refresh, ...access]), false);
    const key = await acme.authenticate();
    const proven = provenAndTold(ended, scene);
    const exactly = tally.planned === planned.count;
    return {
      ok:
        fence !== undefined &&
        worked.ok &&
        !key.ok &&
        key.error === 'invalid_client' &&
        tokens.ok &&
        proven.ok &&
        exactly,
      seen: `${fence ? 'fenced' : 'not fenced'}, key ${key.ok ? 'accepted' : key.error}, tokens ${tokens.seen}, ${proven.seen}, previewed ${planned.count}`,
    };
  });
  await claims.claim('bystander-alive', async () => {
    const refreshed = await clients.birch.refresh(wallet['consent-2'].refresh);
    return { ok: refreshed.ok, seen: refreshed.ok ? 'refreshed' : refreshed.error };
  });
  return ended;
}
