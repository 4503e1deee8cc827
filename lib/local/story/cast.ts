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

/** Consent 1 is withdrawn; the others are bystanders, one of the same partner and one of another. */
export const consents = [
  { id: 'consent-1', partner: 'acme', customer: 'customer-7' },
  { id: 'consent-2', partner: 'birch', customer: 'customer-7' },
  { id: 'consent-3', partner: 'acme', customer: 'customer-9' },
] as const;

export type ConsentName = (typeof consents)[number]['id'];
export type PartnerName = (typeof consents)[number]['partner'];

/** Rescind's own client at the bank's server. */
export const operatorClient = 'rescind';

/** Where Rescind finds that client's key. */
export const operatorSecret = 'rescind/authority/bank';

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
