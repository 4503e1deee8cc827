import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { createEgress, type Fetch } from '../../lib/connectors/egress.ts';
import {
  type AuthorityOptions,
  type LocalAuthority,
  makeAuthorityCertificates,
  startAuthority,
} from './authority.ts';
import type { LocalClient } from './messages.ts';
import { createPartnerClient, type PartnerClient } from './partner-client.ts';
import { Clock } from '../cloud/clock.ts';

export interface KeyPair {
  readonly publicJwk: JWK;
  readonly privateJwk: JWK;
}

export async function newKeyPair(): Promise<KeyPair> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  const named = { kid: await calculateJwkThumbprint(publicJwk), alg: 'ES256' };
  return {
    publicJwk: { ...publicJwk, ...named },
    privateJwk: { ...(await exportJWK(privateKey)), ...named },
  };
}

interface ClientOptions {
  /** @default its own */
  readonly keys?: KeyPair;
  readonly fetch?: Fetch;
}

/** One real authorization server with two partners, `acme` and `bolt`, and the operator `rescind`. */
export interface World {
  readonly clock: Clock;
  readonly authority: LocalAuthority;
  /** PEM; vouches for the authority. */
  readonly ca: string;
  readonly fetch: Fetch;
  /** Gives up after a tenth of a second: for an authority that hangs, and for no other. */
  readonly impatientFetch: Fetch;
  readonly keys: Readonly<Record<'acme' | 'bolt' | 'rescind', KeyPair>>;
  clientOf(name: 'acme' | 'bolt' | 'rescind', options?: ClientOptions): Promise<PartnerClient>;
  close(): Promise<void>;
}

interface WorldOptions extends Pick<
  AuthorityOptions,
  'rotateRefreshTokens' | 'rotateRegistrationTokens' | 'assertionAudience'
> {
  /** Beside the three. */
  readonly clients?: readonly LocalClient[];
}

export async function startWorld({ clients = [], ...options }: WorldOptions = {}): Promise<World> {
  const clock = new Clock();
  const [acme, bolt, rescind] = await Promise.all([newKeyPair(), newKeyPair(), newKeyPair()]);
  const certificates = await makeAuthorityCertificates();
  const authority = await startAuthority({
    clock,
    certificates,
    clients: [
      { id: 'acme', jwk: acme.publicJwk },
      { id: 'bolt', jwk: bolt.publicJwk },
      { id: 'rescind', jwk: rescind.publicJwk, operator: true },
      ...clients,
    ],
    ...options,
  });
  const rules = [{ host: new URL(authority.issuer).host, addresses: ['127.0.0.1'], ca: certificates.ca }];
  const { fetch } = createEgress({ rules });
  const keys = { acme, bolt, rescind };
  return {
    clock,
    authority,
    ca: certificates.ca,
    fetch,
    impatientFetch: createEgress({ rules, timeoutMs: 100 }).fetch,
    keys,
    clientOf: (name, own = {}) =>
      createPartnerClient({
        issuer: authority.issuer,
        endpoints: authority.endpoints,
        clientId: name,
        key: (own.keys ?? keys[name]).privateJwk,
        fetch: own.fetch ?? fetch,
        now: () => clock.now(),
      }),
    async close() {
      clock.stop();
      await authority.close();
    },
  };
}
