import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { partnerId } from '../../domain/ids.ts';

/** A client's key for `private_key_jwt`. */
export interface ClientKey {
  /** Public, with `kid` and `alg`. */
  readonly publicJwk: JWK;
  /** Private, with `kid` and `alg`. */
  readonly privateJwk: JWK;
}

/** Who plays. */
export const partners = [
  { id: partnerId('acme'), name: 'Acme Budgeting', revision: 1 },
  { id: partnerId('birch'), name: 'Birch Lending', revision: 1 },
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
