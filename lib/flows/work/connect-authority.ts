import type { Connector } from '../../connectors/connector.ts';
import { fetchWhile } from '../../connectors/egress/fetch-while.ts';
import { createOAuthConnector } from '../../connectors/oauth/oauth-connector.ts';
import type { Authority } from '../../domain/inventory/authority.ts';
import { callReserveMs } from '../../domain/limits.ts';
import type { Secret } from '../../domain/secret.ts';
import { type ClientKeys, type ConnectClient, connectClient } from './connect-client.ts';

export interface ConnectAuthority extends ConnectClient {
  /** A secret by its name; `fresh` reads past the cache. Throws where it does not exist. */
  readonly secret: (name: string, options?: { readonly fresh?: boolean }) => Promise<Secret>;
  readonly remainingMs: () => number;
}

/** Gives the connector to the tokens of an authority, or to the keys of one client there. */
export const connectAuthority =
  (deps: ConnectAuthority) =>
  (authority: Authority, keys?: ClientKeys): Connector => {
    const { fetch, now, secret } = deps;
    if (!keys)
      return createOAuthConnector(authority, {
        fetch,
        now,
        clientKey: (options) => secret(authority.auth.secretName, options),
      });
    // each verb of a client's keys is several calls: none begins that could outlive the function
    const timely = fetchWhile(fetch, () => deps.remainingMs() > callReserveMs);
    return connectClient(authority, keys, { ...deps, fetch: timely });
  };
