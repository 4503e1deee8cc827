import { type ConsentName, consents } from './cast.ts';
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

/** Each consent gets a refresh token and an access token at the bank's server, announced by events. */
export async function openAccounts({ authority, bank, world }: Stage, timeline: Timeline): Promise<Wallet> {
  const wallet: Partial<Record<ConsentName, Tokens>> = {};
  for (const consent of consents) {
    const { id, partner, customer } = consent;
    const minted = await authority.mint(partner, customer);
    await bank.grant(consent);
    const { grant, refreshToken, refreshTokenId, accessToken, accessTokenId } = minted;
    const shared = { partner, consent: id, grant };
    await bank.issue({ ...shared, id: refreshTokenId, kind: 'refresh_token', token: refreshToken });
    await bank.issue({ ...shared, id: accessTokenId, kind: 'access_token', token: accessToken });
    wallet[id] = { grant, refresh: refreshToken, access: [accessToken], accessId: accessTokenId };
    timeline.say(
      'bank',
      `${id}: ${customer} lets ${partner} in; refresh and access token issued and announced`,
    );
  }
  await world.settle();
  return wallet as Wallet;
}

/** Introspects each token as the auditor. */
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
