import type { JWK } from 'jose';
import type { Behaviour, Endpoint } from './misbehaviour.ts';

interface ClientTraits {
  readonly id: string;
  /** May revoke and introspect any token; others only their own. @default false */
  readonly operator?: boolean;
  /** May introspect any token, and no more: as another server that takes tokens of this one. @default false */
  readonly inspector?: boolean;
  /**
   * @default client credentials for an operator, none for an inspector, authorization code and refresh token for others
   */
  readonly grantTypes?: readonly string[];
}

/** Authenticates by `private_key_jwt`. */
export interface KeyClient extends ClientTraits {
  /** Public, with `kid` and `alg`. */
  readonly jwk: JWK;
  readonly secret?: never;
  readonly method?: never;
}

/** How a client shows its secret (RFC 6749 section 2.3.1): in the header, form-encoded first, or in the body. */
export type SecretMethod = 'client_secret_basic' | 'client_secret_post';

/** Authenticates by the secret that it was given, in the one way that it registered. */
export interface SecretClient extends ClientTraits {
  readonly secret: string;
  readonly method: SecretMethod;
  readonly jwk?: never;
}

/** A client as the authorization server registers it. A server takes the methods of its clients and no others. */
export type LocalClient = KeyClient | SecretClient;

/** A client that registers itself by RFC 7591: with a key, and for its own tokens only. */
export type NewClient = Omit<KeyClient, 'operator' | 'inspector'>;

/** What a client says, and a server registers, to exchange an access token (RFC 8693 sections 2.1 and 3). */
export const tokenExchange = {
  grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
  accessToken: 'urn:ietf:params:oauth:token-type:access_token',
} as const;

/** Makes a server exchange access tokens of another one for its own (RFC 8693). */
export interface ExchangeSettings {
  /** The server whose tokens are taken; the audience of `client`'s assertions. */
  readonly issuer: string;
  /** Asked at each exchange (RFC 7662). */
  readonly introspectionEndpoint: string;
  /** PEM; vouches for that server. */
  readonly ca: string;
  /** A client of that server, an `inspector` there. Its key is private, with `kid` and `alg`. */
  readonly client: { readonly id: string; readonly jwk: JWK };
  /** How long an exchanged token lives, whatever its subject token had left. @default 3,600 */
  readonly accessTokenSeconds?: number;
}

/**
 * What the assertion of a client has to be addressed to. `issuer` is what FAPI 2.0 and rfc7523bis ask for;
 * `token-endpoint` is what older servers want, and no other.
 */
export type AssertionAudience = 'issuer' | 'token-endpoint';

/** What registering gave: the client's id, and where and by what token it is managed (RFC 7592 section 3). */
export interface Registered {
  readonly clientId: string;
  readonly registrationClientUri: string;
  readonly registrationAccessToken: string;
}

/** What a worker thread of an authority is started with. */
export interface AuthoritySettings {
  /** `Clock.shared`. */
  readonly clock: SharedArrayBuffer;
  readonly clients: readonly LocalClient[];
  /** PEM. */
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
  readonly rotateRegistrationTokens: boolean;
  readonly rotateRefreshTokens: boolean;
  readonly assertionAudience: AssertionAudience | undefined;
  readonly exchange: ExchangeSettings | undefined;
}

/** How long what is minted lives, in seconds of the world's clock. */
export interface Lifetimes {
  /** @default 180 days, as a consent for account information */
  readonly grantSeconds?: number;
  /** @default 180 days */
  readonly refreshTokenSeconds?: number;
  /** @default one hour */
  readonly accessTokenSeconds?: number;
  /** Put the tokens under this grant instead of a new one. */
  readonly grant?: string;
  /** `jwt`: by RFC 9068, which this server neither revokes nor introspects. @default 'opaque' */
  readonly accessTokenFormat?: 'opaque' | 'jwt';
}

/** What a customer's consent made at the server. The ids are public references; the server's `jti` is the token itself. */
export interface Minted {
  readonly grant: string;
  readonly refreshToken: string;
  readonly refreshTokenId: string;
  readonly accessToken: string;
  readonly accessTokenId: string;
}

/** What the server would honour now: neither expired, nor used up, nor under a grant that is gone. */
export interface LiveArtefacts {
  readonly grants: number;
  readonly refreshTokens: number;
  readonly accessTokens: number;
  /** Tokens that clients hold for themselves, such as canaries. */
  readonly clientCredentials: number;
}

/** One call that arrived, without anything that it carried. */
export interface RequestRecord {
  /** Milliseconds of the world's clock. */
  readonly at: number;
  readonly path: string;
  /** The client that authenticated; absent where none did, or where the server misbehaved before looking. */
  readonly client?: string;
  /** Absent where no answer was given. */
  readonly status?: number;
}

/** What can be asked of the worker thread. */
export interface Verbs {
  readonly mint: (client: string, customer: string, lifetimes: Lifetimes) => Promise<Minted>;
  readonly register: (client: NewClient) => Promise<Registered>;
  /** Replaces the secret of a client of the settings, at once: what it had is refused from then on. */
  readonly setSecret: (client: string, secret: string) => Promise<void>;
  /** By client. */
  readonly liveArtefacts: () => Promise<Readonly<Record<string, LiveArtefacts>>>;
  readonly behave: (endpoint: Endpoint, behaviour: Behaviour) => Promise<void>;
  /** In order of arrival; a call is recorded before it is answered. */
  readonly requests: () => Promise<readonly RequestRecord[]>;
}

export interface Question {
  readonly number: number;
  readonly verb: keyof Verbs;
  readonly args: readonly unknown[];
}

/** From the worker: first where it listens, then one reply for each question. */
export type Reply =
  | { readonly kind: 'listening'; readonly issuer: string }
  | { readonly kind: 'done'; readonly number: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly number: number; readonly message: string };
