import { request as httpRequest } from 'node:http';
import { onTestFinished } from 'vitest';
import { Clock } from '../../clock.ts';
import { createFunctionUrls, type FunctionUrls, type FunctionUrlsWorld } from './function-url.ts';
import type { Invocation } from '../lambda/function.ts';
import { signed, type Signing, type WireRequest } from './signer.ts';

export const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:operate';
export const alice = { accessKeyId: 'AKIAALICE', secretAccessKey: 'the secret of alice' };
export const bob = { accessKeyId: 'AKIABOB', secretAccessKey: 'the secret of bob' };

const people = new Map([
  [alice.accessKeyId, { ...alice, name: 'alice' }],
  [bob.accessKeyId, { ...bob, name: 'bob' }],
]);

/** What a function is given, as far as the tests look. */
export interface SeenEvent {
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    readonly authorizer: { readonly iam: Readonly<Record<string, unknown>> };
    readonly http: { readonly method: string; readonly path: string };
    readonly [name: string]: unknown;
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Function URLs in front of a function that keeps what it is given and answers as it is told to. */
export async function newWorld(options: Partial<Pick<FunctionUrlsWorld, 'allows'>> = {}) {
  const clock = new Clock();
  const events: SeenEvent[] = [];
  const told: { outcome: Invocation } = { outcome: { ok: true, payload: { heard: true } } };
  const urls: FunctionUrls = createFunctionUrls({
    clock,
    lambda: {
      invoke: async (_, payload) => {
        events.push(payload as SeenEvent);
        return told.outcome;
      },
    },
    credentials: (accessKeyId) => {
      const person = people.get(accessKeyId);
      return (
        person && {
          secretAccessKey: person.secretAccessKey,
          userArn: `arn:aws:iam::000000000000:user/${person.name}`,
          accountId: '000000000000',
          userId: `AIDA${person.name.toUpperCase()}`,
        }
      );
    },
    region: 'eu-west-1',
    newId: () => `request-${events.length + 1}`,
    ...options,
  });
  await urls.listen();
  onTestFinished(() => urls.close());
  const url = urls.createUrl({ functionName: 'operate', functionArn });
  const post = (body: string): WireRequest => ({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    body,
  });
  const sign = (request: WireRequest, how: Partial<Signing> = {}) =>
    signed(request, { ...alice, at: clock.now(), ...how });
  return { clock, urls, url, events, told, post, sign };
}

/** Sends exactly this, dot segments and all, which `fetch` would not. */
export function send({ method, url, headers, body }: WireRequest): Promise<Answer> {
  const [, host = '', port = '', path = '/'] = /^http:\/\/([^:/]+):(\d+)(.*)$/.exec(url) ?? [];
  return new Promise((done, fail) => {
    const request = httpRequest({ host, port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        done({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    request.on('error', fail);
    request.end(body);
  });
}
