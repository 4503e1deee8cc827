import { caseIdOf } from '../../../lib/domain/case/case.ts';
import { type CaseId, consentId } from '../../../lib/domain/ids.ts';
import { credentialName } from '../../../lib/domain/names.ts';
import { type AtRest, caseAtRest, openForOne, seeCase } from '../case-at-rest.ts';
import { consents, uncoveredName } from '../cast.ts';
import type { Scene } from '../scene.ts';
import { all, looks } from '../wallet.ts';
import { claimExchangedIsGone, type Exchanged, exchangeToken } from './exchange.ts';

/** What the summary tells of this act. */
export interface Withdrawn {
  readonly case: AtRest;
  readonly effectMs: number | null;
  readonly completeMs: number | null;
  readonly bystandersAlive: number;
}

/**
 * The customer withdraws consent 1; whatever grew out of it has to be dead at both servers, and nothing else. One credential is
 * beyond reach: the case names it, and stays open.
 */
export async function playWithdrawal(scene: Scene): Promise<Withdrawn> {
  const { stage, timeline } = scene;
  const { world, bank, observer } = stage;
  const works = await before(scene);
  const exchanged = await exchangeToken(scene);
  await world.settle();
  timeline.say(
    'check',
    `before: consent-1 ${works ? 'refreshes, and introspection says active' : 'does NOT work'}`,
  );

  const from = world.clock.now();
  await bank.withdraw('consent-1');
  timeline.say('customer', 'withdraws consent-1 in the banking app');
  const id = withdrawalCase('consent-1');
  const withdrawn = await caseAtRest(id, from, scene);
  const arrived = observer.arrivedAt('Consent Withdrawn');
  const since = (at: number | undefined) =>
    at === undefined || arrived === undefined ? null : Math.round(at - arrived);
  const effectMs = since(observer.committedAt('fence/consent/consent-1'));
  const completeMs = withdrawn.proven ? since(observer.committedAt(`obligation/${id}/`, 'dead')) : null;
  timeline.say('effect', `${shown(effectMs)}: fence committed (refused at APIs once the gate is attached)`);
  const { dead, planned } = withdrawn.tally;
  const state = withdrawn.found?.state ?? 'missing';
  timeline.say(
    'complete',
    `${shown(completeMs)}: ${dead} of ${planned} credentials proven dead, case ${state}`,
  );
  for (const name of withdrawn.uncoveredNames)
    timeline.say('uncovered', `${name}: no connector kills it, so the case names it and stays open`);

  const bystandersAlive = await after(scene, exchanged);
  await claimOpenForOne(withdrawn, scene);
  return { case: withdrawn, effectMs, completeMs, bystandersAlive };
}

/** The case of a consent of the story that is withdrawn. */
export function withdrawalCase(consent: string): CaseId {
  const subject = { type: 'consent', id: consentId(consent) } as const;
  return caseIdOf({ kind: 'consent-withdrawn', subject, generation: 1, round: 1 });
}

async function claimOpenForOne(withdrawn: AtRest, scene: Scene): Promise<void> {
  const { stage, claims } = scene;
  await claims.claim('uncovered-named', async () => {
    const { found, uncoveredNames } = withdrawn;
    const owed = found ? await stage.tables.obligations.of(found) : [];
    const state = owed.find((one) => credentialName(one) === uncoveredName)?.state ?? 'not planned';
    const named = uncoveredNames.join(', ');
    return {
      ok: named === uncoveredName && state === 'open',
      seen: `named: ${named || 'nothing'}; ${uncoveredName} is ${state}`,
    };
  });
  await claims.claim('case-1-open', async () => {
    await stage.world.settle(1_000);
    return openForOne(await seeCase(withdrawn.id, scene), scene);
  });
}

const shown = (ms: number | null): string => (ms === null ? 'never' : `+${ms} ms`);

/** Refreshing mints one more access token; the bank announces that one too, without a public reference. */
async function before({ stage, wallet, claims }: Scene): Promise<boolean> {
  const { clients, auditor, bank } = stage;
  const { grant, refresh, access, accessId: replaces } = wallet['consent-1'];
  const refreshes = await claims.claim('refresh-works-before', async () => {
    const refreshed = await clients.acme.refresh(refresh);
    if (!refreshed.ok) return { ok: false, seen: refreshed.error };
    access.push(refreshed.accessToken);
    const token = refreshed.accessToken;
    await bank.issue({
      kind: 'access_token',
      partner: 'acme',
      consent: 'consent-1',
      grant,
      token,
      replaces,
    });
    return { ok: true, seen: 'refreshed' };
  });
  const active = await claims.claim('introspect-active-before', async () =>
    all(await looks(auditor, [refresh, ...access]), true),
  );
  return refreshes && active;
}

async function after(scene: Scene, exchanged: Exchanged): Promise<number> {
  const { stage, wallet, claims } = scene;
  const { clients, auditor } = stage;
  const gone = wallet['consent-1'];
  await claims.claim('refresh-refused-after', async () => {
    const refreshed = await clients.acme.refresh(gone.refresh);
    if (refreshed.ok) return { ok: false, seen: 'it still refreshes' };
    return { ok: refreshed.error === 'invalid_grant', seen: refreshed.error };
  });
  await claims.claim('introspect-inactive-after', async () =>
    all(await looks(auditor, [gone.refresh, ...gone.access]), false),
  );
  await claimExchangedIsGone(exchanged, scene);
  let alive = 0;
  for (const { id, partner } of consents.filter((consent) => consent.id !== 'consent-1')) {
    const { refresh, access } = wallet[id];
    await claims.claim(`${id}-alive`, async () => {
      const seen = await looks(auditor, [refresh, ...access]);
      const refreshed = await clients[partner].refresh(refresh);
      alive += seen.filter((look) => look === true).length;
      return refreshed.ok ? all(seen, true) : { ok: false, seen: `refresh answers ${refreshed.error}` };
    });
  }
  return alive;
}
