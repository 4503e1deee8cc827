import { caseIdOf } from '../../../lib/domain/case/case.ts';
import { authorityId, credentialId } from '../../../lib/domain/ids.ts';
import { type AtRest, caseAtRest } from '../case-at-rest.ts';
import type { Scene } from '../scene.ts';
import { looks } from '../wallet.ts';

/** The bank tells Rescind that the token may live this long; its server alone would honour it for 180 days. */
const lifeMinutes = 5;

/** A refresh token reaches its time: the clock of the whole world moves, and the real server refuses it. */
export async function playExpiry(scene: Scene): Promise<AtRest> {
  const { stage, timeline, claims, wallet } = scene;
  const { world, authority, bank, clients, auditor } = stage;
  const minted = await authority.mint('acme', 'customer-9');
  const expiresAt = new Date(world.clock.now() + lifeMinutes * 60_000).toISOString();
  await bank.issue({
    id: minted.refreshTokenId,
    kind: 'refresh_token',
    partner: 'acme',
    consent: 'consent-3',
    grant: minted.grant,
    token: minted.refreshToken,
    expiresAt,
  });
  await world.settle();
  const before = await looks(auditor, [minted.refreshToken]);
  timeline.say('bank', `consent-3: one more refresh token for acme, until ${lifeMinutes} minutes from now`);
  const from = world.clock.now();
  await world.clock.advance((lifeMinutes + 1) * 60_000);
  timeline.say('clock', `moves ${lifeMinutes + 1} minutes, for functions, services and both servers alike`);
  const subject = {
    type: 'credential',
    authority: authorityId('bank'),
    id: credentialId(minted.refreshTokenId),
  } as const;
  const expired = await caseAtRest(
    caseIdOf({ kind: 'credential-expired', subject, generation: 1, round: 1 }),
    from,
    scene,
  );
  timeline.say(
    'expiry',
    `${expired.tally.dead} of ${expired.tally.planned} credentials proven dead, case ${expired.found?.state ?? 'missing'}`,
  );

  await claims.claim('expired-token-refused', async () => {
    const refreshed = await clients.acme.refresh(minted.refreshToken);
    const answer = refreshed.ok ? 'it still refreshes' : refreshed.error;
    const closed = expired.found?.state === 'closed';
    return {
      ok: before[0] === true && answer === 'invalid_grant' && closed,
      seen: `${answer}, case ${expired.found?.state ?? 'missing'}`,
    };
  });
  await claims.claim('other-token-alive', async () => {
    const refreshed = await clients.acme.refresh(wallet['consent-3'].refresh);
    return { ok: refreshed.ok, seen: refreshed.ok ? 'refreshed' : refreshed.error };
  });
  return expired;
}
