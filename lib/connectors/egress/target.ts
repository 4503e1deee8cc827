import { isIP } from 'node:net';
import { readEndpoint } from '../../wire/forms/endpoint.ts';
import { EgressError } from './egress-error.ts';

/** Reads what is to be called by the rules of registration; throws `EgressError` with code `url`, `not-https` or `user-info`. */
export function readTarget(text: string): URL {
  const read = readEndpoint(text);
  if (read instanceof URL) return read;
  throw new EgressError(read.code, `the endpoint ${read.rule}; correct the registration`);
}

/** The address that the URL names itself; undefined: it has a name, and DNS has to be asked. */
export function literalOf(url: URL): string | undefined {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) ? host : undefined;
}
