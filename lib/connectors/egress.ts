import { lookup as systemLookup } from 'node:dns/promises';
import type { EgressRule } from '../wire/environment.ts';
import { createAgentPool } from './egress/agent-pool.ts';
import { EgressError } from './egress/egress-error.ts';
import { exchange } from './egress/exchange.ts';
import type { Fetch } from './egress/fetch.ts';
import { readRules } from './egress/policy.ts';
import { type Lookup, resolvePinned } from './egress/resolve.ts';
import { readTarget } from './egress/target.ts';

export { type EgressCode, EgressError } from './egress/egress-error.ts';
export type { Fetch } from './egress/fetch.ts';

export interface Egress {
  readonly fetch: Fetch;
}

export interface EgressOptions {
  /** Hosts outside the public internet that may be reached; every other host must be public and on port 443. */
  readonly rules: readonly EgressRule[];
  /** @default the system's resolver */
  readonly lookup?: Lookup;
  /** From before the name is resolved to the last byte. @default 10,000 */
  readonly timeoutMs?: number;
  /** A longer body is cut off while it streams and the answer is lost. @default 65,536 */
  readonly bodyBytesMax?: number;
}

/** A worker waits no longer for one authority: its function has 30 s for a chunk of calls. */
const timeoutMsDefault = 10_000;
/** Token, revocation and introspection answers have a few hundred bytes; more is a mistake or an attack. */
const bodyBytesMaxDefault = 64 * 1024;

/**
 * The only way out for connectors: HTTPS with a verified certificate, to an address that was checked and to no other,
 * without following redirects, within a time and a size. Throws `EgressError` with code `rule` for a rule it cannot read.
 */
export function createEgress(options: EgressOptions): Egress {
  const policyFor = readRules(options.rules);
  const agents = createAgentPool();
  const lookup: Lookup = options.lookup ?? ((host) => systemLookup(host, { all: true }));
  const timeoutMs = options.timeoutMs ?? timeoutMsDefault;
  const bodyBytesMax = options.bodyBytesMax ?? bodyBytesMaxDefault;

  return {
    async fetch(target, init = {}) {
      const url = readTarget(target);
      const policy = policyFor(url);
      const { signal, stop } = startDeadline(url.host, timeoutMs, init.signal);
      try {
        const addresses = await resolvePinned(url, { policy, lookup, signal });
        const agent = agents.agentFor(`${url.host} ${addresses.toSorted().join(' ')}`);
        return await exchange(url, { init, addresses, agent, ca: policy.ca, signal, bodyBytesMax });
      } finally {
        stop();
      }
    },
  };
}

interface Deadline {
  readonly signal: AbortSignal;
  readonly stop: () => void;
}

function startDeadline(host: string, timeoutMs: number, caller: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(
      new EgressError('timeout', `${host} did not answer within ${timeoutMs} ms; it will be asked again`),
    );
  }, timeoutMs);
  const abort = (): void => controller.abort(new EgressError('aborted', `the call to ${host} was given up`));
  if (caller?.aborted) abort();
  caller?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    stop: () => {
      clearTimeout(timer);
      caller?.removeEventListener('abort', abort);
    },
  };
}
