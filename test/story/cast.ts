import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';

/** A client's key for `private_key_jwt`. */
export interface ClientKey {
  /** Public, with `kid` and `alg`. */
  readonly publicJwk: JWK;
  /** Private, with `kid` and `alg`. */
  readonly privateJwk: JWK;
}

/** Who plays. */
export const partners = [
  { id: 'acme', name: 'Acme Budgeting', revision: 1 },
  { id: 'birch', name: 'Birch Lending', revision: 1 },
] as const;

/**
 * Consent 1 is withdrawn first: the others are bystanders then, one of the same partner and one of another. Consent 3 follows
 * later.
 */
export const consents = [
  { id: 'consent-1', partner: 'acme', customer: 'customer-7' },
  { id: 'consent-2', partner: 'birch', customer: 'customer-7' },
  { id: 'consent-3', partner: 'acme', customer: 'customer-9' },
] as const;

/** Comes when consent 3 has gone: what a cut-off still finds. */
export const latecomer = { id: 'consent-4', partner: 'acme', customer: 'customer-11' } as const;

/** A key of acme's under consent 1, in a system that nobody registered: no connector kills it. */
export const legacyKey = { authority: 'legacy-portal', id: 'acme-key-1' } as const;

/** What Rescind calls that key. */
export const uncoveredName = `credential/${legacyKey.authority}/${legacyKey.id}`;

export type ConsentName = (typeof consents)[number]['id'];
export type PartnerName = (typeof consents)[number]['partner'];

/** Rescind's own client, at either server. */
export const operatorClient = 'rescind';

/** Where Rescind finds what lets that client in. */
export const operatorSecretOf = (authority: string): string => `rescind/authority/${authority}`;

/** The aggregator's server, as a client of the bank's. */
export const aggregatorClient = 'aggregator';

/** The people of the bank's platform team. */
export const operators = ['alice', 'bob'] as const;
export type OperatorName = (typeof operators)[number];

/** What Rescind calls a partner's own client at the bank's server, by which it refreshes, and whose key rotates. */
export const clientOf = (partner: PartnerName): string => `${partner}-app`;

/** The client whose key rotates in the story. */
export const rotatingClient = clientOf('acme');

/** The shortest overlap that Rescind takes. */
export const overlapSeconds = 300;

/** A fresh ES256 pair. */
export async function makeClientKey(): Promise<ClientKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const publicPart = await exportJWK(publicKey);
  const named = { kid: await calculateJwkThumbprint(publicPart), alg: 'ES256', use: 'sig' };
  return {
    publicJwk: { ...publicPart, ...named },
    privateJwk: { ...(await exportJWK(privateKey)), ...named },
  };
}
