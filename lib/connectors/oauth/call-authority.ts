import * as oauth from 'oauth4webapi';
import type { Authority } from '../../domain/authority.ts';
import type { Secret } from '../../domain/secret.ts';
import { type EgressCode, EgressError, type Fetch } from '../egress.ts';
import { type Answer, readAnswer, refusesClient } from './answer.ts';
import { readClientKey } from './client-key.ts';

export interface OAuthDeps {
  /** `createEgress(...).fetch`. */
  readonly fetch: Fetch;
  /** The client's key: a JSON private JWK with `kid` and `alg`. `fresh`: past every cache, it may have been rotated. */
  readonly clientKey: (options?: { readonly fresh?: boolean }) => Promise<Secret>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** One request as oauth4webapi sends it, once it is known who we are. */
type Send = (
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  auth: oauth.ClientAuth,
  options: { readonly [oauth.customFetch]: Fetch },
) => Promise<Response>;

/** Calls one authority as its registered client. */
export type CallAuthority = (send: Send) => Promise<Answer>;

/** What no repetition cures, because it depends on the registration alone. */
const registrationFaults: ReadonlySet<EgressCode> = new Set(['url', 'not-https', 'user-info', 'port']);

/**
 * Authenticates by `private_key_jwt` with the issuer as audience (RFC 7523bis). Where the authority refuses the client,
 * the key is read afresh and the call made once more. Never throws for what the authority does; what `clientKey` throws
 * passes through.
 */
export function createCallAuthority(authority: Authority, deps: OAuthDeps): CallAuthority {
  const server: oauth.AuthorizationServer = {
    issuer: authority.issuer,
    token_endpoint: authority.tokenEndpoint,
    revocation_endpoint: authority.revocationEndpoint,
    introspection_endpoint: authority.introspectionEndpoint,
  };

  async function attempt(send: Send, secret: Secret): Promise<Answer> {
    const key = await readClientKey(secret);
    if (!key) return { kind: 'unsendable', because: 'client-key' };
    const client: oauth.Client = {
      client_id: authority.auth.clientId,
      // oauth4webapi reads Date, which need not be the world's clock
      [oauth.clockSkew]: Math.floor((deps.now() - Date.now()) / 1000),
    };
    try {
      return await readAnswer(
        await send(server, client, oauth.PrivateKeyJwt(key), { [oauth.customFetch]: deps.fetch }),
      );
    } catch (error) {
      return explain(error);
    }
  }

  return async (send) => {
    const first = await attempt(send, await deps.clientKey());
    return refusesClient(first) ? attempt(send, await deps.clientKey({ fresh: true })) : first;
  };
}

function explain(error: unknown): Answer {
  if (error instanceof EgressError) {
    return { kind: registrationFaults.has(error.code) ? 'unsendable' : 'silent', because: error.code };
  }
  // both are thrown before anything is sent: a key of an algorithm that nobody accepts; no endpoint, or one without https
  if (error instanceof oauth.UnsupportedOperationError) return { kind: 'unsendable', because: 'client-key' };
  if (error instanceof oauth.OperationProcessingError) return { kind: 'unsendable', because: 'registration' };
  throw error;
}
