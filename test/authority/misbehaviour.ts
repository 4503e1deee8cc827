import type { IncomingMessage, ServerResponse } from 'node:http';

/** `registration` is RFC 7591's and every client's own of RFC 7592. */
export type Endpoint = 'token' | 'revocation' | 'introspection' | 'registration';

/** How a server answers that does not do its work. `normal` and `lose-answer` reach the real one. */
export type Behaviour =
  | 'normal'
  /** Does the work, then cuts the connection: the effect is there, the answer is not. At registration: of updates only. */
  | 'lose-answer'
  | keyof typeof misbehaviours;

interface Canned {
  readonly status: number;
  readonly type?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const json = (status: number, body: object): Canned => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
});

/** More than any client of ours reads. */
const hugeBytes = 1024 * 1024;

const misbehaviours = {
  /**
   * Answers 200 and does nothing (RFC 7009 answers 200 to tokens it has never seen). At registration: to updates only,
   * with what was asked for as if it were done.
   */
  'lie-200': { status: 200 },
  /** Introspection that calls everything active (CVE-2026-8922). */
  'lie-active': json(200, { active: true }),
  'lie-inactive': json(200, { active: false }),
  /** Tells more of a dead token than RFC 7662 section 2.2 would have it. */
  'inactive-with-details': json(200, { active: false, sub: 'customer', token_type: 'Bearer' }),
  'active-as-text': json(200, { active: 'false' }),
  'no-active': json(200, {}),
  /** As a proxy's page might: it only looks like an answer. */
  'not-json': { status: 200, type: 'text/html', body: '{"active":false}' },
  'broken-json': { status: 200, type: 'application/json', body: '{"active":fal' },
  huge: json(200, { active: false, padding: 'x'.repeat(hugeBytes) }),
  redirect: { status: 307, headers: { location: 'https://127.0.0.1:1/' } },
  'unsupported-token-type': json(400, { error: 'unsupported_token_type' }),
  'invalid-request': json(400, { error: 'invalid_request', error_description: 'no' }),
  'http-400': { status: 400, type: 'text/plain', body: 'no' },
  'http-401': json(401, { error: 'invalid_client' }),
  'http-403': json(403, { error: 'access_denied' }),
  'http-429': { status: 429, headers: { 'retry-after': '1' } },
  'http-500': { status: 500 },
  'http-503': { status: 503, headers: { 'retry-after': '1' } },
  /** Never answers. */
  hang: 'hang',
  /** Cuts the connection on arrival. */
  drop: 'drop',
} as const satisfies Record<string, Canned | 'hang' | 'drop'>;

/** Answers in the real server's place; gives the status that is answered, undefined where none is. */
export function misbehave(
  behaviour: keyof typeof misbehaviours,
  request: IncomingMessage,
  response: ServerResponse,
): number | undefined {
  const canned: Canned | 'hang' | 'drop' = misbehaviours[behaviour];
  if (canned === 'drop') request.destroy();
  request.resume();
  if (canned === 'drop' || canned === 'hang') return undefined;
  const { status, type, body = '', headers } = canned;
  response
    .writeHead(status, { ...(type === undefined ? {} : { 'content-type': type }), ...headers })
    .end(body);
  return status;
}

/** Lets the real server do its work and loses what it wants to say. */
export function loseAnswer(response: ServerResponse): void {
  response.end = (() => response.destroy()) as typeof response.end;
}
