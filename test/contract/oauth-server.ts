import { randomBytes } from 'node:crypto';
import { createEgress, type Fetch } from '../../lib/connectors/egress.ts';
import type { AuthorityAuth } from '../../lib/domain/inventory/authority.ts';
import { Secret } from '../../lib/domain/secret.ts';
import {
  type LocalAuthority,
  type LocalClient,
  makeAuthorityCertificates,
  startAuthority,
} from '../authority/authority.ts';
import { Clock } from '../cloud/clock.ts';
import { newKeyPair } from '../authority/rig.ts';

/** One way to authenticate, as a registration says it and a server demands it. */
export type Way =
  | { readonly method: 'private_key_jwt'; readonly audience?: 'issuer' | 'token-endpoint' }
  | { readonly method: 'client_secret_basic' | 'client_secret_post' };

/** By what a client shows who it is. */
export interface OwnSecret {
  /** As it lies in Secrets Manager. */
  readonly value: Secret;
  /** The client with it, as a server registers it. */
  readonly register: (client: { readonly id: string } & Traits) => LocalClient;
  /** What must never show. */
  readonly hidden: readonly string[];
}

type Traits = Pick<LocalClient, 'operator' | 'grantTypes'>;

/** A real authorization server with the partners `acme` and `bolt` and the operator `rescind`, all of them in one way. */
export interface OAuthServer {
  readonly clock: Clock;
  readonly authority: LocalAuthority;
  readonly fetch: Fetch;
  /** Gives up after a tenth of a second: for a server that hangs, and for no other. */
  readonly impatientFetch: Fetch;
  readonly own: Readonly<Record<Name, OwnSecret>>;
  authOf(name: Name): AuthorityAuth;
  close(): Promise<void>;
}

type Name = 'acme' | 'bolt' | 'rescind';

/** Partners could mint a canary: that they do not is the connector's doing. */
const traits: Readonly<Record<Name, Traits>> = {
  acme: { grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'] },
  bolt: { grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'] },
  rescind: { operator: true },
};

export async function startOAuthServer(way: Way): Promise<OAuthServer> {
  const clock = new Clock();
  const [acme, bolt, rescind] = await Promise.all([newOwnSecret(way), newOwnSecret(way), newOwnSecret(way)]);
  const own = { acme, bolt, rescind };
  const certificates = await makeAuthorityCertificates();
  const authority = await startAuthority({
    clock,
    certificates,
    clients: (['acme', 'bolt', 'rescind'] as const).map((id) => own[id].register({ id, ...traits[id] })),
    ...(way.method === 'private_key_jwt' && { assertionAudience: way.audience ?? 'issuer' }),
  });
  const rules = [{ host: new URL(authority.issuer).host, addresses: ['127.0.0.1'], ca: certificates.ca }];
  return {
    clock,
    authority,
    fetch: createEgress({ rules }).fetch,
    impatientFetch: createEgress({ rules, timeoutMs: 100 }).fetch,
    own,
    authOf: (name) => ({ ...way, clientId: name, secretName: `rescind/authority/${name}` }),
    async close() {
      clock.stop();
      await authority.close();
    },
  };
}

/** One that no server knows yet. */
export async function newOwnSecret(way: Way): Promise<OwnSecret> {
  if (way.method === 'private_key_jwt') {
    const { privateJwk, publicJwk } = await newKeyPair();
    return {
      value: new Secret(JSON.stringify(privateJwk)),
      register: (client) => ({ ...client, jwk: publicJwk }),
      hidden: [privateJwk.d ?? ''],
    };
  }
  const { method } = way;
  // what has to be encoded in a header and in a form
  const secret = `${randomBytes(24).toString('base64')} +%:&=~"`;
  return {
    value: new Secret(method === 'client_secret_post' ? JSON.stringify({ client_secret: secret }) : secret),
    register: (client) => ({ ...client, secret, method }),
    hidden: [secret],
  };
}
