import { timingSafeEqual } from 'node:crypto';
import { type Authorization, parseAuthorization } from './authorization.ts';
import { signatureOf } from './canonical-request.ts';
import type { HttpRequest } from './http-request.ts';

/** One who may sign, and what AWS tells a function of them. */
export interface Credentials {
  readonly secretAccessKey: string;
  readonly userArn: string;
  readonly accountId: string;
  readonly userId: string;
}

/** Who signed a request: proved. */
export interface UrlCaller extends Omit<Credentials, 'secretAccessKey'> {
  readonly accessKeyId: string;
}

/** A refusal: AWS's error type, and words for the caller that say nothing about what the right answer is. */
export interface Refusal {
  readonly type: string;
  readonly message: string;
}

export type Verdict =
  { readonly ok: true; readonly caller: UrlCaller } | { readonly ok: false; readonly refusal: Refusal };

/** A signature is good for so long, before and after its time. */
const skewMinutes = 5;

/** The service that requests to function URLs are signed for. */
const service = 'lambda';

/**
 * Whether somebody known signed exactly this request, for this service and region, just now (IAM User Guide, "Create a signed
 * AWS API request"; Lambda Developer Guide, "Invoking Lambda function URLs"). A request that is sent twice within the
 * five minutes is signed twice: SigV4 has no nonce.
 */
export function verifySignature(
  request: HttpRequest,
  world: {
    readonly credentials: (accessKeyId: string) => Credentials | undefined;
    readonly region: string;
    /** Milliseconds. */
    readonly now: number;
  },
): Verdict {
  const header = request.headers['authorization'];
  if (header === undefined) return refuse('AccessDeniedException', forbidden);
  const authorization = parseAuthorization(header);
  if (!authorization)
    return refuse('IncompleteSignatureException', 'The Authorization header is no signature of version 4.');
  const known = world.credentials(authorization.accessKeyId);
  // keys here are for good: a session token belongs to a key of somewhere else
  if (!known || request.headers['x-amz-security-token'] !== undefined)
    return refuse('UnrecognizedClientException', 'The security token included in the request is invalid.');
  const time = request.headers['x-amz-date'] ?? '';
  const fault =
    faultInScope(authorization, time, world.region) ??
    faultInTime(time, world.now) ??
    faultInHeaders(request, authorization.signedHeaders);
  if (fault !== undefined) return refuse('InvalidSignatureException', fault);

  const { secretAccessKey, ...identity } = known;
  const expected = signatureOf(request, { ...authorization, secretAccessKey, time });
  if (!expected || !timingSafeEqual(expected, authorization.signature))
    return refuse('InvalidSignatureException', noMatch);
  return { ok: true, caller: { ...identity, accessKeyId: authorization.accessKeyId } };
}

/** What AWS was seen to answer where nobody signed, or the signer may not. */
export const forbidden =
  'Forbidden. For troubleshooting Function URL authorization issues, see: ' +
  'https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html';

const noMatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
  'and signing method. Consult the service documentation for details.';

function faultInScope({ scope }: Authorization, time: string, region: string): string | undefined {
  if (scope.region !== region)
    return `Credential should be scoped to a valid region, not '${scope.region}'. `;
  if (scope.service !== service) return `Credential should be scoped to correct service: '${service}'. `;
  return scope.date === time.slice(0, 8)
    ? undefined
    : 'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.';
}

function faultInTime(time: string, now: number): string | undefined {
  const signedAt = parseTime(time);
  if (signedAt === undefined) return 'Date must be in ISO-8601 basic format: x-amz-date is yyyymmddThhmmssZ.';
  const skewMs = skewMinutes * 60_000;
  if (signedAt < now - skewMs)
    return `Signature expired: ${time} is now earlier than ${timeOf(now - skewMs)} (${timeOf(now)} - ${skewMinutes} min.)`;
  if (signedAt > now + skewMs)
    return `Signature not yet current: ${time} is still later than ${timeOf(now + skewMs)} (${timeOf(now)} + ${skewMinutes} min.)`;
  return undefined;
}

/** "You must include the host header, and any x-amz-* headers in the request"; and the content type where there is one. */
function faultInHeaders(request: HttpRequest, signed: readonly string[]): string | undefined {
  const needed = Object.keys(request.headers).filter(
    (name) => name === 'content-type' || name.startsWith('x-amz-'),
  );
  const unsigned = ['host', 'x-amz-date', ...needed].find((name) => !signed.includes(name));
  if (unsigned !== undefined) return `'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`;
  const sorted = signed.every((name, index) => index === 0 || (signed[index - 1] ?? '') < name);
  return sorted ? undefined : noMatch;
}

function parseTime(time: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? undefined : at;
}

function timeOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

function refuse(type: string, message: string): Verdict {
  return { ok: false, refusal: { type, message } };
}
