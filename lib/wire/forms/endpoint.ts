import * as z from 'zod';

/**
 * An address of an authority, as an operator registers it: what is refused here is wrong under every egress setting.
 * Host and port are as they are written; nothing is resolved, and nothing is changed.
 */
export const endpoint = z.string({ error: 'must be an https URL' }).superRefine((text, context) => {
  const read = readEndpoint(text);
  if (!(read instanceof URL)) context.addIssue(read.rule);
});

/** Which rule a text breaks, as the end of a sentence that begins with its name; it may name the host, and nothing else of it. */
export interface EndpointFault {
  readonly code: 'url' | 'not-https' | 'user-info';
  readonly rule: string;
}

/** No endpoint in use comes near it; a registration holds four. */
const charactersMax = 2_048;

/**
 * The URL, where people and machines read the same in it. The WHATWG parser takes much more: it drops tabs, takes `\` for
 * `/`, `https:host` for `https://host`, and `0x7f.1`, `%3127.0.0.1` or full-width digits for 127.0.0.1.
 */
export function readEndpoint(text: string): URL | EndpointFault {
  if (text.length > charactersMax) return wrong(`must be ${charactersMax} characters or fewer`);
  if (!/^[\x21-\x5b\x5d-\x7e]*$/.test(text))
    return wrong(
      'must be ASCII without spaces, control characters and backslashes: write a host of other letters in its xn-- form',
    );
  const [, scheme = ''] = /^([a-z][a-z0-9+.-]*):/i.exec(text) ?? [];
  if (scheme.toLowerCase() !== 'https')
    return { code: scheme === '' ? 'url' : 'not-https', rule: 'must be an https URL' };
  const [, authority = ''] = /^https:\/\/([^/?#]*)/i.exec(text) ?? [];
  if (authority === '') return wrong('must have two slashes and a host after https:');
  if (authority.includes('@'))
    return {
      code: 'user-info',
      rule: 'must have no user name or password: take out what stands before the @',
    };
  if (text.includes('#')) return wrong('must have no fragment: take out the # and what follows it');
  if (!URL.canParse(text)) return wrong('must have a host and a port that exist after https://');
  const url = new URL(text);
  const rule = ruleOfHost(authority.toLowerCase(), url);
  return rule === undefined ? url : wrong(rule);
}

function ruleOfHost(written: string, { host, hostname, port }: URL): string | undefined {
  if (written !== host && (port !== '' || written !== `${host}:443`))
    return `must write its host and port plainly: they are read as ${host}`;
  if (hostname.startsWith('[')) return undefined;
  if (hostname.endsWith('.')) return 'must have no dot at the end of its host: no certificate has one';
  if (hostname.length > 253 || !hostname.split('.').every((label) => hostLabel.test(label)))
    return 'must name one host: labels of letters, digits and hyphens (1 to 63 each, 253 in all) between dots';
  return undefined;
}

/** RFC 1123 section 2.1, and the underscore that some inside networks have. */
const hostLabel = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

const wrong = (rule: string): EndpointFault => ({ code: 'url', rule });
