import type { HttpRequest } from './http-request.ts';
import type { UrlCaller } from './verify-signature.ts';

/** Media types that reach a function as text; all others, and bodies of no type, as base64. */
const textType = /^(text\/|application\/(json|xml|javascript)\b|[^;]+\+(json|xml)\b)/i;

/**
 * The event that a request becomes (Lambda Developer Guide, "Invoking Lambda function URLs", "Request payload format",
 * version 2.0). Who calls is told by the authorizer alone, and nothing that a caller writes gets in there. Cookies stay an
 * ordinary header.
 */
export function urlEvent(
  request: HttpRequest,
  context: {
    readonly caller: UrlCaller;
    readonly urlId: string;
    /** The path behind the part that names the URL. */
    readonly path: string;
    readonly functionArn: string;
    readonly requestId: string;
    /** Milliseconds of the world's clock. */
    readonly now: number;
  },
): object {
  const { caller, urlId, path } = context;
  const parameters = queryParameters(request.query);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: request.query,
    headers: request.headers,
    ...(parameters && { queryStringParameters: parameters }),
    requestContext: {
      accountId: context.functionArn.split(':')[4] ?? '',
      apiId: urlId,
      authentication: null,
      authorizer: {
        iam: {
          accessKey: caller.accessKeyId,
          accountId: caller.accountId,
          callerId: caller.userId,
          cognitoIdentity: null,
          principalOrgId: null,
          userArn: caller.userArn,
          userId: caller.userId,
        },
      },
      domainName: request.headers['host'] ?? '',
      domainPrefix: urlId,
      http: {
        method: request.method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: context.requestId,
      routeKey: '$default',
      stage: '$default',
      time: logTime(context.now),
      timeEpoch: context.now,
    },
    ...bodyOf(request),
  };
}

function bodyOf({ body, headers }: HttpRequest): object {
  if (body.length === 0) return { isBase64Encoded: false };
  return textType.test(headers['content-type'] ?? '')
    ? { body: body.toString('utf8'), isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true };
}

/** Decoded; the values of a repeated name joined by commas. */
function queryParameters(query: string): Readonly<Record<string, string>> | undefined {
  const entries = new URLSearchParams(query);
  const names = new Set(entries.keys());
  if (names.size === 0) return undefined;
  return Object.fromEntries([...names].map((name) => [name, entries.getAll(name).join(',')]));
}

/** `07/Sep/2021:22:50:22 +0000`. */
function logTime(at: number): string {
  const [, day = '', month = '', year = '', time = ''] = new Date(at).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
