import { EgressError } from './egress-error.ts';
import { type HostPolicy, requireAllowed } from './policy.ts';
import { literalOf } from './target.ts';

/** All addresses of a host, as the resolver has them now. */
export type Lookup = (host: string) => Promise<readonly { readonly address: string }[]>;

/**
 * Resolves the URL's host once and gives its addresses, all of them allowed; the caller connects to these and asks no
 * resolver again. One address that is not allowed refuses the host: who mixes them is testing us.
 * Throws `EgressError` with code `dns` or `address`, or the signal's reason.
 */
export async function resolvePinned(
  url: URL,
  options: { readonly policy: HostPolicy; readonly lookup: Lookup; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const literal = literalOf(url);
  const addresses = literal === undefined ? await ask(url.hostname, options) : [literal];
  if (addresses.length === 0) throw noSuchHost(url.hostname);
  for (const address of addresses) requireAllowed(url, address, options.policy);
  return addresses;
}

async function ask(
  host: string,
  { lookup, signal }: { readonly lookup: Lookup; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const answers = await before(signal, lookup(host)).catch((error: unknown) => {
    throw error instanceof EgressError ? error : noSuchHost(host);
  });
  return answers.map(({ address }) => address);
}

function noSuchHost(host: string): EgressError {
  return new EgressError('dns', `${host} does not resolve; check the registered endpoint`);
}

/** The system's resolver cannot be interrupted, so it is left behind. */
function before<Value>(signal: AbortSignal, promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason as Error);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
