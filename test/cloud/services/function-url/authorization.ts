import { algorithm, type Scope, terminator } from './canonical-request.ts';

/** What an `Authorization` header says. Nothing of it is believed yet. */
export interface Authorization {
  readonly accessKeyId: string;
  readonly scope: Scope;
  /** Lower-case names, in the order of the header. */
  readonly signedHeaders: readonly string[];
  readonly signature: Buffer;
}

const hexOfSha256 = /^[0-9a-f]{64}$/;

/**
 * Reads `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`; undefined where it is anything else. Signatures in
 * the query (presigned URLs) are not here.
 */
export function parseAuthorization(header: string): Authorization | undefined {
  const [scheme = '', ...rest] = header.trim().split(' ');
  if (scheme !== algorithm) return undefined;
  const parts = rest
    .join(' ')
    .split(',')
    .map((part) => part.trim().split('=', 2));
  const named = new Map(parts.map(([name = '', value = '']) => [name, value]));
  const [accessKeyId, date, region, service, end, ...more] = (named.get('Credential') ?? '').split('/');
  const signedHeaders = (named.get('SignedHeaders') ?? '').split(';');
  const signature = named.get('Signature') ?? '';
  const whole = parts.length === 3 && more.length === 0 && end === terminator && hexOfSha256.test(signature);
  if (!whole || !accessKeyId || !date || !region || !service) return undefined;
  return {
    accessKeyId,
    scope: { date, region, service },
    signedHeaders,
    signature: Buffer.from(signature, 'hex'),
  };
}
