import { type ConsentName, consents, type latecomer, legacyKey } from './cast.ts';
import type { Stage } from './stage.ts';
import type { Timeline } from './timeline.ts';

/** The tokens of one consent, as the bank's server knows them. */
export interface Tokens {
  readonly grant: string;
  readonly refresh: string;
  readonly access: string[];
  /** Public reference of the first access token. */
  readonly accessId: string;
}

export type Wallet = Readonly<Record<ConsentName, Tokens>>;

/** Each consent gets its tokens; under consent 1 acme has a key elsewhere too. */
export async function openAccounts(stage: Stage, timeline: Timeline): Promise<Wallet> {
  const wallet: Partial<Record<ConsentName, Tokens>> = {};
  for (const consent of consents) wallet[consent.id] = await openAccount(consent, stage, timeline);
  await stage.bank.noteKey({ ...legacyKey, partner: 'acme', consent: 'consent-1' });
  timeline.say(
    'bank',
    `consent-1: acme was given a key of ${legacyKey.authority} too, which no connector reaches: announced`,
  );
  await stage.world.settle();
  return wallet as Wallet;
}

/** A consent gets a refresh token and an access token at the bank's server, announced by events. */
export async function openAccount(
  consent: (typeof consents)[number] | typeof latecomer,
  { authority, bank }: Stage,
  timeline: Timeline,
): Promise<Tokens> {
  const { id, partner, customer } = consent;
  const minted = await authority.mint(partner, customer);
  await bank.grant(consent);
  const { grant, refreshToken, refreshTokenId, accessToken, accessTokenId } = minted;
  const shared = { partner, consent: id, grant };
  await bank.issue({ ...shared, id: refreshTokenId, kind: 'refresh_token', token: refreshToken });
  await bank.issue({ ...shared, id: accessTokenId, kind: 'access_token', token: accessToken });
  timeline.say(
    'bank',
    `${id}: ${customer} lets ${partner} in; refresh and access token issued and announced`,
  );
  return { grant, refresh: refreshToken, access: [accessToken], accessId: accessTokenId };
}

/** Introspects each token as an auditor of its server. */
export async function looks(auditor: Stage['auditor'], tokens: readonly string[]) {
  const seen: (boolean | { readonly error: string })[] = [];
  for (const token of tokens) seen.push(await auditor.introspect(token));
  return seen;
}

/** Whether all looks saw the same, and what they saw. */
export const all = (seen: Awaited<ReturnType<typeof looks>>, expected: boolean) => ({
  ok: seen.every((look) => look === expected),
  seen: `active: ${seen.map((look) => (typeof look === 'boolean' ? String(look) : look.error)).join(', ')}`,
});
