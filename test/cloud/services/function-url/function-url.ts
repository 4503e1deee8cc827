import { randomUUID } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../clock.ts';
import type { Invocation } from '../lambda/function.ts';
import { type HttpRequest, readHttpRequest } from './http-request.ts';
import { urlEvent } from './url-event.ts';
import { type HttpResponse, urlResponse } from './url-response.ts';
import { type Credentials, forbidden, type UrlCaller, verifySignature } from './verify-signature.ts';

export type { Credentials, UrlCaller } from './verify-signature.ts';

/** What a URL asks of Lambda. */
interface Invoker {
  invoke(arn: string, payload: unknown): Promise<Invocation>;
}

export interface FunctionUrlsWorld {
  readonly clock: Clock;
  readonly lambda: Invoker;
  /** By access key id; undefined for a key that nobody has. */
  readonly credentials: (accessKeyId: string) => Credentials | undefined;
  readonly region: string;
  /** Whether a caller may (`lambda:InvokeFunctionUrl` and `lambda:InvokeFunction`). @default everybody who signs */
  readonly allows?: (caller: UrlCaller, functionArn: string) => boolean;
  /** Request ids; @default random UUIDs */
  readonly newId?: () => string;
}

/**
 * The local stand-in for Lambda function URLs with the auth type `AWS_IAM`, on one loopback port. AWS gives each URL a host
 * of its own; here it is a path of its own, so that the address is known before anything behind it is.
 */
export interface FunctionUrls {
  /** Starts on a free port. */
  listen(): Promise<void>;
  /** The address that a function has or will have, with a slash at its end. */
  urlOf(functionName: string): string;
  /** Opens the address of a function and gives it. */
  createUrl(settings: { readonly functionName: string; readonly functionArn: string }): string;
  close(): Promise<void>;
}

export function createFunctionUrls(world: FunctionUrlsWorld): FunctionUrls {
  const arns = new Map<string, string>();
  const newId = world.newId ?? randomUUID;
  const server = createServer((message, response) => {
    readHttpRequest(message)
      .then(async (request) => (request ? await answer(world, { arns, newId }, request) : tooLarge))
      .catch((error: unknown) => failed(error))
      .then((answered) => send(response, world.clock, answered))
      // who hung up gets no answer
      .catch(() => void response.destroy());
  });
  const urlOf = (name: string) => `http://127.0.0.1:${portOf(server)}/${name}/`;

  return {
    listen: () => new Promise<void>((done) => server.listen(0, '127.0.0.1', done)),
    urlOf,
    createUrl({ functionName, functionArn }) {
      if (arns.has(functionName)) throw new Error(`${functionName} has a URL already.`);
      arns.set(functionName, functionArn);
      return urlOf(functionName);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function answer(
  world: FunctionUrlsWorld,
  urls: { readonly arns: ReadonlyMap<string, string>; readonly newId: () => string },
  request: HttpRequest,
): Promise<HttpResponse> {
  const [, urlId = '', path = '/'] = /^\/([^/]*)(\/.*)?$/.exec(request.path) ?? [];
  const functionArn = urls.arns.get(urlId);
  if (functionArn === undefined) return refusal(404, 'NotFoundException', 'No such function URL.');
  const now = world.clock.now();
  const verdict = verifySignature(request, { credentials: world.credentials, region: world.region, now });
  if (!verdict.ok) return refusal(403, verdict.refusal.type, verdict.refusal.message);
  const { caller } = verdict;
  if (world.allows && !world.allows(caller, functionArn))
    return refusal(403, 'AccessDeniedException', forbidden);
  const requestId = urls.newId();
  const event = urlEvent(request, { caller, urlId, path, functionArn, requestId, now });
  const response = urlResponse(await world.lambda.invoke(functionArn, event));
  return { ...response, headers: { ...response.headers, 'x-amzn-requestid': requestId } };
}

/** AWS spells the member in two ways: `Message` for what Lambda refuses, `message` for what the signature check does. */
function refusal(status: number, type: string, message: string): HttpResponse {
  const body = message === forbidden ? { Message: message } : { message };
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': type },
    body: Buffer.from(JSON.stringify(body)),
  };
}

const tooLarge = refusal(413, 'RequestTooLargeException', 'Request must be smaller than 6291456 bytes.');

function failed(error: unknown): HttpResponse {
  const what = error instanceof Error ? error.stack : String(error);
  return refusal(500, 'InternalFailure', `The local cloud failed at a function URL: ${what}`);
}

// The Date header is the world's clock: a signer may correct its own by it.
function send(response: ServerResponse, clock: Clock, { status, headers, body }: HttpResponse): void {
  const date = new Date(clock.now()).toUTCString();
  response.writeHead(status, { ...headers, 'content-length': body.length, date }).end(body);
}

function portOf(server: Server): number {
  const address = server.address() as AddressInfo | null;
  if (!address) throw new Error('The function URLs do not listen yet.');
  return address.port;
}
