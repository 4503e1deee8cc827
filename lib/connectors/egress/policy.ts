import type { EgressRule } from '../../wire/environment.ts';
import { type AddressSet, addressSet, isPublicAddress } from './addresses.ts';
import { EgressError } from './egress-error.ts';

/** What one host may be, and who vouches for it. */
export interface HostPolicy {
  readonly allows: AddressSet;
  /** PEM; absent: the public roots. */
  readonly ca: string | undefined;
}

const everyoneElse: HostPolicy = { allows: isPublicAddress, ca: undefined };

/**
 * Gives the policy for a URL: the rule that names its host and port, else public addresses on port 443.
 * The returned function throws `EgressError` with code `port`; this one with code `rule` for a rule that cannot be read.
 */
export function readRules(rules: readonly EgressRule[]): (url: URL) => HostPolicy {
  const byHost = new Map<string, HostPolicy>();
  for (const rule of rules) {
    const host = readHost(rule.host);
    // two rules could name two CAs: which one holds must not depend on their order
    if (byHost.has(host)) throw new EgressError('rule', `RESCIND_EGRESS lists ${host} twice; keep one rule`);
    byHost.set(host, { allows: readAddresses(rule), ca: rule.ca });
  }
  return (url) => {
    const policy = byHost.get(url.host);
    if (policy) return policy;
    if (url.port !== '') {
      throw new EgressError(
        'port',
        `${url.host} is not on port 443; list it in RESCIND_EGRESS if it should be reached`,
      );
    }
    return everyoneElse;
  };
}

function readHost(host: string): string {
  const url = URL.canParse(`https://${host}`) ? new URL(`https://${host}`) : undefined;
  if (!url || url.href !== `https://${url.host}/`) {
    throw new EgressError('rule', `RESCIND_EGRESS has a host that is not "host" or "host:port": ${host}`);
  }
  return url.host;
}

function readAddresses(rule: EgressRule): AddressSet {
  try {
    return addressSet(rule.addresses);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new EgressError('rule', `RESCIND_EGRESS, host ${rule.host}: ${error.message}`);
  }
}
