import { type AtRest, caseAtRest, provenAndTold, seeCase } from '../case-at-rest.ts';
import type { Scene } from '../scene.ts';
import { all, looks } from '../wallet.ts';
import { withdrawalCase } from './withdrawal.ts';

/** Another customer withdraws consent 3: nothing of it is beyond reach, and its case closes. */
export async function playSecondWithdrawal(scene: Scene): Promise<AtRest> {
  const { stage, timeline, claims, wallet } = scene;
  const { world, bank, auditor } = stage;
  const from = world.clock.now();
  await bank.withdraw('consent-3');
  timeline.say('customer', 'withdraws consent-3 in the banking app');
  const withdrawn = await caseAtRest(withdrawalCase('consent-3'), from, scene);
  const { dead, planned } = withdrawn.tally;
  timeline.say(
    'complete',
    `${dead} of ${planned} credentials proven dead, case ${withdrawn.found?.state ?? 'missing'}`,
  );
  await claims.claim('case-3-closed', async () => {
    await world.settle(1_000);
    const { refresh, access } = wallet['consent-3'];
    const tokens = all(await looks(auditor, [refresh, ...access]), false);
    const proven = provenAndTold(await seeCase(withdrawn.id, scene), scene);
    return { ok: proven.ok && tokens.ok, seen: `${proven.seen}, tokens ${tokens.seen}` };
  });
  return withdrawn;
}
