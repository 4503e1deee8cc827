import { createHash, createHmac } from 'node:crypto';
import type { HttpRequest } from './http-request.ts';

/** What a signature says that it is for: `20261124/eu-west-1/lambda/aws4_request`. */
export interface Scope {
  /** `yyyymmdd`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export const algorithm = 'AWS4-HMAC-SHA256';
export const terminator = 'aws4_request';

/**
 * The signature that a request must bear (IAM User Guide, "Create a signed AWS API request"). The hash is that of the body
 * which arrived, whatever `x-amz-content-sha256` says. Undefined where the query cannot be decoded.
 */
export function signatureOf(
  request: HttpRequest,
  how: {
    readonly secretAccessKey: string;
    readonly scope: Scope;
    /** The value of `x-amz-date`. */
    readonly time: string;
    readonly signedHeaders: readonly string[];
  },
): Buffer | undefined {
  const query = canonicalQuery(request.query);
  if (query === undefined) return undefined;
  const canonicalRequest = [
    request.method,
    canonicalPath(request.path),
    query,
    ...how.signedHeaders.map((name) => `${name}:${canonicalValue(request.headers[name] ?? '')}`),
    '',
    how.signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
  const { date, region, service } = how.scope;
  const scope = [date, region, service, terminator].join('/');
  const toSign = [algorithm, how.time, scope, sha256(canonicalRequest)].join('\n');
  const key = [date, region, service, terminator].reduce<string | Buffer>(hmac, `AWS4${how.secretAccessKey}`);
  return hmac(key, toSign);
}

/**
 * Empty segments go, and what is left is encoded once more than on the wire: all services do but S3. Dot segments stay, and
 * match no signature: signers resolve them, and the path names the function here, so that one resolved would name another.
 */
function canonicalPath(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  const closing = segments.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${segments.map(encode).join('/')}${closing}`;
}

function canonicalQuery(query: string): string | undefined {
  const parts = query.split('&').filter((part) => part !== '');
  try {
    return parts
      .map((part) => {
        const equals = part.indexOf('=');
        const [name, value] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
        return [encode(decodeURIComponent(name)), encode(decodeURIComponent(value))] as const;
      })
      .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
      .map((pair) => pair.join('='))
      .join('&');
  } catch {
    return undefined;
  }
}

function canonicalValue(value: string): string {
  return value.trim().replace(/[ \t]+/g, ' ');
}

/** RFC 3986 section 2.3: all but the unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
