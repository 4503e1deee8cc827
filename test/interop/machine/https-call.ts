import { request } from 'node:https';
import { text } from 'node:stream/consumers';

export interface Call {
  readonly ca: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly bearer?: string;
}

export interface Answered {
  readonly status: number;
  /** Parsed where it is JSON. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly location: string | undefined;
  readonly cookies: readonly string[];
}

/** More than any of these servers takes for one answer. */
const callMs = 30_000;

/** One call as an owner of the server makes it, outside Rescind: redirects are answers. */
export async function callHttps(url: string, call: Call): Promise<Answered> {
  const body = call.form
    ? new URLSearchParams(call.form).toString()
    : call.json === undefined
      ? undefined
      : JSON.stringify(call.json);
  const type = call.form ? 'application/x-www-form-urlencoded' : 'application/json';
  const sent = request(url, {
    method: call.method ?? (body === undefined ? 'GET' : 'POST'),
    ca: call.ca,
    agent: false,
    timeout: callMs,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': type }),
      ...(call.bearer === undefined ? {} : { authorization: `Bearer ${call.bearer}` }),
      ...call.headers,
    },
  });
  sent.on('timeout', () => sent.destroy(new Error(`${url} did not answer within ${callMs} ms`)));
  sent.end(body);
  return new Promise((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (answer) => {
      text(answer).then(
        (whole) =>
          resolve({
            status: answer.statusCode ?? 0,
            body: parse(whole),
            location: answer.headers.location,
            cookies: (answer.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0] ?? ''),
          }),
        reject,
      );
    });
  });
}

/** A string member of an answer; what is missing says which call it was. */
export function stringOf(answer: Answered, name: string, what: string): string {
  const value = answer.body[name];
  if (typeof value === 'string') return value;
  throw new Error(`${what} answered ${answer.status} without ${name}: ${JSON.stringify(answer.body)}`);
}

function parse(whole: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(whole) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
