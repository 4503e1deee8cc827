import { readEndpoint } from '../../wire/forms/endpoint.ts';
import type { EgressRule } from '../../wire/environment.ts';
import { type AddressSet, addressSet, isNeverReached, isPublicAddress } from './addresses.ts';
import { EgressError } from './egress-error.ts';
import { isPrivateName } from './private-names.ts';
import { literalOf } from './target.ts';

/** What one host may be, and who vouches for it. */
export interface HostPolicy {
  readonly allows: AddressSet;
  /** PEM; absent: the public roots. */
  readonly ca: string | undefined;
}

/** Throws `EgressError` with code `port` or `private-name` for a URL that no rule names and that is nowhere in public. */
export type PolicyFor = (url: URL) => HostPolicy;

const everyoneElse: HostPolicy = { allows: isPublicAddress, ca: undefined };

/**
 * Gives the policy for a URL: the rule that names its host and port, else public addresses on port 443.
 * Throws `EgressError` with code `rule` for a rule that cannot be read.
 */
export function readRules(rules: readonly EgressRule[]): PolicyFor {
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
    if (literalOf(url) === undefined && isPrivateName(url.hostname)) {
      throw new EgressError(
        'private-name',
        `${url.host} is no name of the public internet; list it with its block in RESCIND_EGRESS if it should be reached`,
      );
    }
    return everyoneElse;
  };
}

/** Throws `EgressError` with code `address` where the host may not have this address. */
export function requireAllowed(url: URL, address: string, { allows }: HostPolicy): void {
  if (allows(address)) return;
  const has =
    address === literalOf(url) ? `${url.host} is an address` : `${url.host} resolves to ${address}, which is`;
  throw new EgressError(
    'address',
    isNeverReached(address)
      ? `${has} where nothing is ever called (link-local, metadata, multicast, IPv4 written as IPv6); register where the authority is`
      : `${has} neither public nor listed for this host; list host and block in RESCIND_EGRESS if it should be reached`,
  );
}

function readHost(host: string): string {
  // as an endpoint must write it: a rule for another spelling would never hold
  const url = readEndpoint(`https://${host}`);
  if (url instanceof URL && url.href === `https://${url.host}/`) return url.host;
  throw new EgressError(
    'rule',
    `RESCIND_EGRESS has a host that is not plainly "host" or "host:port": ${host}`,
  );
}

function readAddresses(rule: EgressRule): AddressSet {
  try {
    const listed = addressSet(rule.addresses);
    return (address) => listed(address) && !isNeverReached(address);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new EgressError('rule', `RESCIND_EGRESS, host ${rule.host}: ${error.message}`);
  }
}
