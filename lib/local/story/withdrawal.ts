import { addTallies, type Case, caseIdOf, emptyTally, type Tally } from '../../domain/case.ts';
import { consentId } from '../../domain/ids.ts';
import { Claims } from './claims.ts';
import { type ConsentName, consents } from './cast.ts';
import type { Stage } from './stage.ts';
import type { Summary } from './summary.ts';
import type { Timeline } from './timeline.ts';

/** The tokens of one consent, as the bank's server knows them. */
interface Tokens {
  readonly grant: string;
  readonly refresh: string;
  readonly access: string[];
}

type Wallet = Readonly<Record<ConsentName, Tokens>>;

/** However short the patience: what is on its way gets this long to come to rest. */
const restMsMin = 5_000;

/** How often the story looks whether the case has closed. */
const lookMs = 50;

/**
 * Plays the withdrawal of consent 1 and checks each claim by real calls: to the bank's server, to the tables,
 * and against what the local cloud's recorder saw. `patienceMs`: how long the case may take to close.
 */
export async function playWithdrawal(stage: Stage, timeline: Timeline, patienceMs: number): Promise<Summary> {
  const { world, bank, observer } = stage;
  const claims = new Claims();
  const wallet = await openAccounts(stage, timeline);
  await before(stage, wallet, claims);
  await world.settle();
  timeline.say('check', 'before: acme refreshes under consent-1, introspection says active');

  await bank.withdraw('consent-1');
  timeline.say('customer', 'withdraws consent-1 in the banking app');
  const withdrawn = await caseAtRest(stage, patienceMs);
  const arrived = observer.arrivedAt('Consent Withdrawn');
  const since = (at: number | undefined) =>
    at === undefined || arrived === undefined ? null : Math.round(at - arrived);
  const effectMs = since(observer.committedAt('fence/consent/consent-1'));
  const completeMs = since(observer.committedAt('obligation/', 'dead'));
  timeline.say('effect', `${shown(effectMs)}: fence committed (refused at APIs once the gate is attached)`);
  const { dead, planned } = withdrawn.tally;
  timeline.say(
    'complete',
    `${shown(completeMs)}: ${dead} of ${planned} credentials proven dead, case ${withdrawn.found?.state ?? 'missing'}`,
  );

  const bystandersAlive = await after(stage, wallet, claims);
  await aboutCase(stage, withdrawn, claims);
  for (const { claim, ok, seen } of claims.all)
    timeline.say(ok ? 'true' : 'FALSE', seen === undefined ? claim : `${claim}: ${seen}`);
  return {
    ok: claims.all.every(({ ok }) => ok),
    effectMs,
    completeMs,
    cases: withdrawn.found
      ? [{ id: withdrawn.found.id, state: withdrawn.found.state, ...withdrawn.tally, uncoveredNames: [] }]
      : [],
    claims: claims.all,
    bystandersAlive,
  };
}

const shown = (ms: number | null): string => (ms === null ? 'never' : `+${ms} ms`);

/** Each consent gets a refresh token and an access token at the bank's server, announced by events. */
async function openAccounts({ authority, bank, world }: Stage, timeline: Timeline): Promise<Wallet> {
  const wallet: Partial<Record<ConsentName, Tokens>> = {};
  for (const consent of consents) {
    const { id, partner, customer } = consent;
    const minted = await authority.mint(partner, customer);
    await bank.grant(consent);
    const { grant, refreshToken, refreshTokenId, accessToken, accessTokenId } = minted;
    const shared = { partner, consent: id, grant };
    await bank.issue({ ...shared, id: refreshTokenId, kind: 'refresh_token', token: refreshToken });
    await bank.issue({ ...shared, id: accessTokenId, kind: 'access_token', token: accessToken });
    wallet[id] = { grant, refresh: refreshToken, access: [accessToken] };
    timeline.say(
      'bank',
      `${id}: ${customer} lets ${partner} in; refresh and access token issued and announced`,
    );
  }
  await world.settle();
  return wallet as Wallet;
}

/** Refreshing mints one more access token; the bank announces that one too, without a public reference. */
async function before({ clients, auditor, bank }: Stage, wallet: Wallet, claims: Claims): Promise<void> {
  const { grant, refresh, access } = wallet['consent-1'];
  await claims.claim('refresh-works-before', async () => {
    const refreshed = await clients.acme.refresh(refresh);
    if (!refreshed.ok) return { ok: false, seen: refreshed.error };
    access.push(refreshed.accessToken);
    await bank.issue({
      kind: 'access_token',
      partner: 'acme',
      consent: 'consent-1',
      grant,
      token: refreshed.accessToken,
    });
    return { ok: true, seen: 'refreshed' };
  });
  await claims.claim('introspect-active-before', async () =>
    all(await looks(auditor, [refresh, ...access]), true),
  );
}

async function after({ clients, auditor }: Stage, wallet: Wallet, claims: Claims): Promise<number> {
  const gone = wallet['consent-1'];
  await claims.claim('refresh-refused-after', async () => {
    const refreshed = await clients.acme.refresh(gone.refresh);
    return refreshed.ok
      ? { ok: false, seen: 'it still refreshes' }
      : { ok: refreshed.error === 'invalid_grant', seen: refreshed.error };
  });
  await claims.claim('introspect-inactive-after', async () =>
    all(await looks(auditor, [gone.refresh, ...gone.access]), false),
  );
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

async function looks(auditor: Stage['auditor'], tokens: readonly string[]) {
  const seen: (boolean | { readonly error: string })[] = [];
  for (const token of tokens) seen.push(await auditor.introspect(token));
  return seen;
}

const all = (seen: Awaited<ReturnType<typeof looks>>, expected: boolean) => ({
  ok: seen.every((look) => look === expected),
  seen: `active: ${seen.map((look) => (typeof look === 'boolean' ? String(look) : look.error)).join(', ')}`,
});

interface AtRest {
  readonly found: Case | undefined;
  readonly tally: Tally;
}

async function caseAtRest({ world, operator }: Stage, patienceMs: number): Promise<AtRest> {
  const subject = { type: 'consent', id: consentId('consent-1') } as const;
  const id = caseIdOf({ kind: 'consent-withdrawn', subject, generation: 1, round: 1 });
  const givenUpAt = performance.now() + patienceMs;
  for (;;) {
    await world.settle(Math.max(restMsMin, givenUpAt - performance.now()));
    const found = await operator.cases.find(id);
    if (found?.state === 'closed' || performance.now() > givenUpAt) {
      const tallies = found ? await operator.cases.tallies(found) : [];
      return { found, tally: addTallies(...tallies.map((tally) => tally ?? emptyTally)) };
    }
    await new Promise((done) => setTimeout(done, lookMs));
  }
}

async function aboutCase(
  { observer, world }: Stage,
  { found, tally }: AtRest,
  claims: Claims,
): Promise<void> {
  await claims.claim('case-closed', async () => {
    await world.settle(1_000);
    const told = observer.sent.some(
      (event) => event['detail-type'] === 'Case Closed' && event.detail['case'] === found?.id,
    );
    const proven = tally.planned > 0 && tally.dead === tally.planned;
    const seen = `${found?.state ?? 'no case'}, ${tally.dead} of ${tally.planned} dead, ${told ? 'announced' : 'not announced'}`;
    return { ok: found?.state === 'closed' && proven && told, seen };
  });
  await claims.claim('ledger-one-to-one', async () => {
    const { changes, entries, differences } = await observer.compareLedger();
    return {
      ok: changes > 0 && differences.length === 0,
      seen: differences[0] ?? `${changes} changes in ${entries} entries`,
    };
  });
}
