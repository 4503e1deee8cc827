import type { JWK } from 'jose';
import type { AssertionAudience, AuthorityRole } from '../../lib/domain/inventory/authority.ts';
import type { Registered } from '../authority/messages.ts';
import type { Behaviour, Endpoint } from '../authority/misbehaviour.ts';

export const serverNames = ['oidc-provider', 'keycloak', 'hydra'] as const;
export type ServerName = (typeof serverNames)[number];

/** The clients that every server has: by key, but for the two that are named for how they show a secret. */
export const clientNames = [
  'acme',
  'acme-jwt',
  'acme-basic',
  'acme-post',
  'bolt',
  'rescind',
  'plain',
] as const;
/**
 * `acme` and `bolt` are partners, `bolt` may exchange `acme`'s tokens; `rescind` is our own client, as privileged as the
 * server lets a client be; `plain` is one of ours without any privilege. `acme-jwt` gets JWTs where a server decides by client.
 */
export type ClientName = (typeof clientNames)[number];

export interface Credentials {
  /** Private, with `kid` and `alg`. */
  readonly key: JWK;
  readonly secret: string;
}

/** What a consent, a refresh or an exchange gave. */
export interface Tokens {
  /** Issued to it. */
  readonly client: ClientName;
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
}

/** The server does not have this: what it answered. */
export interface Lacking {
  readonly lacks: string;
}

export const isLacking = (given: object): given is Lacking => 'lacks' in given;

export interface Wanted {
  /** @default what the server issues by itself */
  readonly format?: 'opaque' | 'jwt';
  /** A refresh token by `offline_access` (OpenID Connect Core section 11). */
  readonly offline?: boolean;
}

/** A server as the test's process speaks to it. */
export interface InteropServer {
  readonly version: string;
  readonly issuer: string;
  readonly endpoints: { readonly token: string; readonly revocation: string; readonly introspection: string };
  /** PEM; vouches for all endpoints. */
  readonly ca: string;
  readonly now: () => number;
  /** How Rescind has to be registered there: `operator` as the client `rescind`, `party` as the client of each token. */
  readonly role: AuthorityRole;
  /** Whom the assertions of clients are for. */
  readonly audience: AssertionAudience;
  /** It tells whoever reaches the introspection endpoint: the network is the guard. */
  readonly tellsAnyone: boolean;
  /** How the connector names the answer to a key that the server does not know of this client. */
  readonly unknownKeyIs: 'invalid-client' | 'invalid-request';
  readonly clients: Readonly<Record<ClientName, Credentials>>;
  /** A customer's consent to `acme`; what is wanted is what the server may be asked for, and no promise. */
  consent(customer: string, wanted?: Wanted): Promise<Tokens>;
  /** RFC 6749 section 6, as `acme`; a refusal is the server's code. */
  refresh(refreshToken: string): Promise<Tokens | { readonly refused: string }>;
  /** RFC 8693, as `bolt`. */
  exchange(subjectToken: string, requested: 'access_token' | 'refresh_token'): Promise<Tokens | Lacking>;
  /** RFC 7591, with this key; `client_credentials` is among its grants. */
  register(jwk: JWK): Promise<Registered>;
  /** Has an endpoint answer wrongly; see `misbehaviour.ts`. */
  behave(endpoint: Endpoint, behaviour: Behaviour): Promise<void>;
  /** How many live tokens this client has for itself; undefined where the server does not say. */
  countOwn(client: ClientName): Promise<number | undefined>;
  close(): Promise<void>;
}

/** What the runner hands to the test's process, as JSON. */
export interface Description {
  readonly version: string;
  /** Scheme, host and port by which everybody calls the server. */
  readonly origin: string;
  readonly ca: string;
  readonly clients: Readonly<Record<ClientName, Credentials>>;
  /** Where the front is told how to misbehave. */
  readonly control: string;
  /** What only this kind of server needs. */
  readonly own: Readonly<Record<string, string>>;
}

export interface Running {
  readonly description: Description;
  stop(): Promise<void>;
}

/** Where the runtime lies, or why there is none. */
export type Prepared = { readonly at: string } | { readonly absent: string };

/** One kind of server: how its runtime is had, how it is started, how it is spoken to. */
export interface ServerKind {
  readonly name: ServerName;
  readonly title: string;
  /** Downloads or builds what is missing in the cache folder. */
  prepare(say: (line: string) => void): Promise<Prepared>;
  /** In the runner's process, which ends what it started. */
  start(at: string): Promise<Running>;
  /** In the test's process. */
  open(description: Description): Promise<InteropServer>;
}
