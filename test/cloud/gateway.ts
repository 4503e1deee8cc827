import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from './clock.ts';
import {
  AwsError,
  type Call,
  type Caller,
  ConnectionLost,
  type LocalService,
  type Middleware,
} from './service.ts';

/** Bodies above this are refused: no AWS JSON service takes more in one request. */
const bodyBytesMax = 16 * 1024 * 1024;

/**
 * The one door of the local cloud: finds service and operation by `X-Amz-Target`, the caller by the access
 * key of the SigV4 header, asks the guard (IAM), runs the middlewares (recorder, faults), answers in the AWS JSON protocol.
 */
export class Gateway {
  readonly #clock: Clock;
  readonly #services = new Map<string, LocalService>();
  readonly #callers = new Map<string, Caller>();
  readonly #middlewares: Middleware[] = [];
  readonly #listeners = new Set<(call: Call) => void>();
  #guard: (call: Call) => void = () => {};
  readonly #server: Server;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#server = createServer((request, response) => void this.#handle(request, response));
    // longer than the SDK keeps an idle connection: Node's 5 s close some at the moment of their next use
    this.#server.keepAliveTimeout = 120_000;
  }

  /** Starts on a free loopback port and gives the endpoint, without a slash at its end. */
  async listen(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return this.endpoint;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  add(service: LocalService): void {
    this.#services.set(service.target, service);
  }

  admit(caller: Caller): void {
    this.#callers.set(caller.accessKeyId, caller);
  }

  /** Decides on each call as its caller sent it, before any middleware changes or loses it: throws an `AwsError` to refuse. */
  guardBy(guard: (call: Call) => void): void {
    this.#guard = guard;
  }

  /** The middleware added last runs outermost; the returned function takes it out again. */
  use(middleware: Middleware): () => void {
    this.#middlewares.unshift(middleware);
    return () => {
      const index = this.#middlewares.indexOf(middleware);
      if (index >= 0) this.#middlewares.splice(index, 1);
    };
  }

  /**
   * Tells of each call before any middleware sees it, so that one which a middleware refuses or loses is told too,
   * whoever was added first. The listener must not throw; the returned function takes it out again.
   */
  onCall(listener: (call: Call) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await readBody(request);
      const { service, call, run } = this.#route(request, body);
      try {
        this.#guard(call);
        this.#answer(response, 200, service.contentType, await run());
      } catch (error) {
        if (error instanceof ConnectionLost) return void response.destroy();
        this.#refuse(response, service.contentType, error, call);
      }
    } catch (error) {
      this.#refuse(response, 'application/x-amz-json-1.0', error);
    }
  }

  #route(request: IncomingMessage, body: string) {
    const [target = '', operation = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
    const service = this.#services.get(target);
    const perform = service?.operations[operation];
    if (!service || !perform)
      throw new AwsError(
        'UnknownOperationException',
        `The local cloud does not know ${target}.${operation}.`,
      );
    const caller = this.#caller(request);
    let input: unknown;
    try {
      input = JSON.parse(body || '{}');
    } catch {
      throw new AwsError('SerializationException', 'The request body is not JSON.');
    }
    const invocation = invocationOf(request);
    const call: Call = {
      caller,
      service: service.name,
      operation,
      input,
      ...(invocation !== undefined && { invocation }),
      arrivedAt: this.#clock.now(),
    };
    for (const listener of this.#listeners) listener(call);
    const run = this.#middlewares.reduceRight<() => Promise<object>>(
      (next, middleware) => () => middleware(call, next),
      () => perform(input as Record<string, unknown>, call),
    );
    return { service, call, run };
  }

  #caller(request: IncomingMessage): Caller {
    const key = /Credential=([^/,\s]+)\//.exec(request.headers.authorization ?? '')?.[1];
    if (!key)
      throw new AwsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token');
    const caller = this.#callers.get(key);
    if (!caller)
      throw new AwsError(
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      );
    return caller;
  }

  #refuse(response: ServerResponse, contentType: string, error: unknown, call?: Call): void {
    if (error instanceof AwsError) {
      const { code, message, members } = error;
      return this.#answer(response, error.statusCode, contentType, { __type: code, message, ...members });
    }
    const where = call ? `${call.service}:${call.operation}` : 'the gateway';
    const message = `The local cloud failed in ${where}: ${error instanceof Error ? error.stack : String(error)}`;
    this.#answer(response, 500, contentType, { __type: 'InternalFailure', message });
  }

  // The Date header is the world's clock: the SDK takes a difference for clock skew and signs again.
  #answer(response: ServerResponse, status: number, contentType: string, body: object): void {
    const text = JSON.stringify(body);
    const date = new Date(this.#clock.now()).toUTCString();
    response
      .writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(text), date })
      .end(text);
  }
}

/** The SDK sends the trace of the running invocation with each request: Lambda detects loops by it, we count by it. */
function invocationOf({ headers }: IncomingMessage): string | undefined {
  return /(?:^|;)Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)/.exec(
    String(headers['x-amzn-trace-id'] ?? ''),
  )?.[1];
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyBytesMax)
      throw new AwsError('RequestEntityTooLarge', 'Request too large', { statusCode: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
