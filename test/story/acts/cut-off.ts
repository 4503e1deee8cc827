import type { PartnerClient } from '../../authority/partner-client.ts';
import { caseId, partnerId } from '../../../lib/domain/ids.ts';
import { type AtRest, caseAtRest, openForOne } from '../case-at-rest.ts';
import { latecomer, uncoveredName } from '../cast.ts';
import { ordered, request } from '../operator.ts';
import type { Scene } from '../scene.ts';
import { all, looks, openAccount } from '../wallet.ts';

/**
 * An operator cuts acme off: first it is shown what would die, then exactly that dies, acme's own key with it; but for the key that
 * no connector kills, which this case names as well.
 */
export async function playCutOff(scene: Scene, acme: PartnerClient): Promise<AtRest> {
  const { stage, timeline, claims, wallet } = scene;
  const { world, order, tables, clients, auditor } = stage;
  const { refresh, access } = await openAccount(latecomer, stage, timeline);
  await world.settle();
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
    `plans to cut acme off: ${planned.count} credentials have to die, ${planned.uncovered} of them uncovered (${groups.join(', ')})`,
  );
  const worked = await acme.authenticate();
  const { plan } = planned;
  const from = world.clock.now();
  const executed = await ordered('executed', order('alice', { command: 'execute', plan }));
  const ended = await caseAtRest(caseId(executed.case), from, scene);
  const { tally, found, uncoveredNames } = ended;
  timeline.say(
    'cut-off',
    `acme is fenced; ${tally.dead} of ${tally.planned} credentials proven dead, case ${found?.state ?? 'missing'}; uncovered: ${uncoveredNames.join(', ') || 'none'}`,
  );
  await claims.claim('partner-cut-off', async () => {
    const fence = await tables.fences.find({ type: 'partner', id: partnerId('acme') });
    const tokens = all(await looks(auditor, [refresh, ...access]), false);
    const key = await acme.authenticate();
    const proven = openForOne(ended, scene);
    const exactly = tally.planned === planned.count && uncoveredNames[0] === uncoveredName;
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
