import * as oauth from 'oauth4webapi';
import type { Authority } from '../../domain/inventory/authority.ts';
import type { Secret } from '../../domain/secret.ts';
import { type EgressCode, EgressError, type Fetch } from '../egress.ts';
import { type Answer, mayRefuseKey, readAnswer, refusesClient } from './answer.ts';
import { readClientAuth } from './client-auth.ts';

export interface OAuthDeps {
  /** `createEgress(...).fetch`. */
  readonly fetch: Fetch;
  /**
   * The value of the client's secret, whatever its method takes: see `AuthorityAuth`. `fresh`: it was refused and may have
   * been rotated; whoever answers may say the same again where it was read a moment ago.
   */
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
 * Authenticates as the registration says. Where the authority refuses the client, or may do so, its secret is read afresh and, if it is
 * another one by now, the call made once more. Never throws for what the authority does; what `clientKey` throws passes
 * through.
 */
export function createCallAuthority(authority: Authority, deps: OAuthDeps): CallAuthority {
  const server: oauth.AuthorizationServer = {
    issuer: authority.issuer,
    token_endpoint: authority.tokenEndpoint,
    revocation_endpoint: authority.revocationEndpoint,
    introspection_endpoint: authority.introspectionEndpoint,
  };

  async function attempt(send: Send, secret: Secret): Promise<Answer> {
    const auth = await readClientAuth(authority, secret);
    if (!auth) return { kind: 'unsendable', because: 'client-key' };
    const client: oauth.Client = {
      client_id: authority.auth.clientId,
      // oauth4webapi reads Date, which need not be the world's clock
      [oauth.clockSkew]: Math.floor((deps.now() - Date.now()) / 1000),
    };
    try {
      return await readAnswer(await send(server, client, auth, { [oauth.customFetch]: deps.fetch }));
    } catch (error) {
      return explain(error);
    }
  }

  return async (send) => {
    const secret = await deps.clientKey();
    const first = await attempt(send, secret);
    const isByKey = authority.auth.method === 'private_key_jwt';
    if (!refusesClient(first) && !(isByKey && mayRefuseKey(first))) return first;
    const current = await deps.clientKey({ fresh: true });
    // the same would be refused again, and servers lock clients out for that
    return current.reveal() === secret.reveal() ? first : attempt(send, current);
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
