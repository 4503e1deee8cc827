import type { JWK } from 'jose';
import type { Behaviour, Endpoint } from './misbehaviour.ts';

/** A client as the authorization server registers it; it authenticates by `private_key_jwt`. */
export interface LocalClient {
  readonly id: string;
  /** Public, with `kid` and `alg`. */
  readonly jwk: JWK;
  /** May revoke and introspect any token; others only their own. @default false */
  readonly operator?: boolean;
  /** @default client credentials for an operator, authorization code and refresh token for others */
  readonly grantTypes?: readonly string[];
}

/** A client that registers itself by RFC 7591; it is never an operator. */
export type NewClient = Omit<LocalClient, 'operator'>;

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
