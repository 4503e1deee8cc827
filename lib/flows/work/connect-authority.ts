import { fetchWhile } from '../../connectors/egress/fetch-while.ts';
import { createPace } from '../../connectors/egress/pace.ts';
import { createOAuthConnector } from '../../connectors/oauth/oauth-connector.ts';
import type { Authority } from '../../domain/inventory/authority.ts';
import { authorityConcurrency, callReserveMs } from '../../domain/limits.ts';
import type { Secret } from '../../domain/secret.ts';
import { type ConnectClient, connectClient } from './connect-client.ts';
import type { Line } from './line.ts';

export interface ConnectAuthority extends ConnectClient {
  /** Reads a secret by its name; `fresh` reads past the cache. Throws if it does not exist. */
  readonly secret: (name: string, options?: { readonly fresh?: boolean }) => Promise<Secret>;
  readonly remainingMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Opens the line to an authority: all calls of this worker go through one pace. */
export const connectAuthority =
  (deps: ConnectAuthority) =>
  (authority: Authority, { halfOpen }: { readonly halfOpen: boolean }): Line => {
    const { now, secret, sleep } = deps;
    const { concurrency = authorityConcurrency, perSecond } = authority.limits ?? {};
    const pace = createPace(deps.fetch, { concurrency, perSecond, halfOpen, now, sleep });
    return {
      halfOpen,
      pace,
      connector: (keys) => {
        if (!keys)
          return createOAuthConnector(authority, {
            fetch: pace.fetch,
            now,
            clientKey: (options) => secret(authority.auth.secretName, options),
          });
        // each verb on a client's keys makes several calls: no call starts that could outlive the function
        const timely = fetchWhile(pace.fetch, () => deps.remainingMs() > callReserveMs);
        return connectClient(authority, keys, { ...deps, fetch: timely });
      },
    };
  };
