import type { ClientRequest, IncomingMessage } from 'node:http';
import { type Agent, request } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { TLSSocket } from 'node:tls';
import { EgressError } from './egress-error.ts';
import type { FetchInit } from './fetch.ts';
import { literalOf } from './target.ts';

interface Exchange {
  readonly init: FetchInit;
  /** Checked; nothing else is connected to. */
  readonly addresses: readonly string[];
  readonly agent: Agent;
  readonly ca: string | undefined;
  readonly signal: AbortSignal;
  readonly bodyBytesMax: number;
}

/** All headers of an answer together. */
const headerBytesMax = 16 * 1024;

/** Sends one request and gives the whole answer; every failure is an `EgressError`, and the connection is then gone. */
export async function exchange(url: URL, call: Exchange): Promise<Response> {
  const body = call.init.body?.toString();
  const sent = open(url, body, call);
  try {
    sent.end(body);
    return await readAnswer(await answerTo(sent, url.host), url.host, call.bodyBytesMax);
  } catch (error) {
    throw explain(error, { host: url.host, signal: call.signal, secured: isSecured(sent) });
  } finally {
    // after a whole answer the connection is back in the pool and this does nothing
    sent.destroy();
  }
}

function open(url: URL, body: string | undefined, call: Exchange): ClientRequest {
  try {
    return request(url, {
      method: call.init.method ?? 'GET',
      headers: {
        ...call.init.headers,
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      },
      agent: call.agent,
      lookup: pinTo(call.addresses),
      // what is asked for and what the certificate has to prove is the URL's host, whatever a header says; an address has no SNI
      servername: literalOf(url) === undefined ? url.hostname : '',
      // both said, so that no environment variable can switch them
      rejectUnauthorized: true,
      insecureHTTPParser: false,
      minVersion: 'TLSv1.2',
      maxHeaderSize: headerBytesMax,
      signal: call.signal,
      ...(call.ca === undefined ? {} : { ca: call.ca }),
    });
  } catch (error) {
    // a line break in a value would begin a header of its own; Node's message may be quoted nowhere
    const code = codeOf(error);
    throw new EgressError(
      'request',
      `the request to ${url.host} cannot be sent (${code}): take line breaks and the like out of what it carries`,
    );
  }
}

/** A resolver that knows only what was checked: what DNS says a second time does not matter (DNS rebinding). */
function pinTo(addresses: readonly string[]): LookupFunction {
  const pinned = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, callback) => {
    const [first] = pinned;
    if (options.all || !first) callback(null, pinned);
    else callback(null, first.address, first.family);
  };
}

function answerTo(sent: ClientRequest, host: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once('response', resolve);
    sent.on('error', reject);
    // after a 101 that nobody asked for Node tells neither, and no deadline ends what is closed already
    sent.once('close', () => reject(new EgressError('not-http', `${host} closed without an answer`)));
  });
}

async function readAnswer(answer: IncomingMessage, host: string, bodyBytesMax: number): Promise<Response> {
  const status = answer.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    throw new EgressError(
      'redirect',
      `${host} answered with a redirect (${status}); register the final endpoint`,
    );
  }
  if (status < 200 || status > 599)
    throw new EgressError('not-http', `${host} answered with status ${status}`);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyBytesMax) {
      throw new EgressError('too-large', `${host} answered with more than ${bodyBytesMax} bytes`);
    }
    chunks.push(chunk);
  }
  // the Fetch standard's null body statuses refuse even an empty one
  const body = status === 204 || status === 205 ? null : Buffer.concat(chunks);
  return new Response(body, { status, headers: headersOf(answer) });
}

function headersOf(answer: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}

/** Whether the certificate had been accepted, now or when a kept connection was made. */
function isSecured(sent: ClientRequest): boolean {
  return sent.socket instanceof TLSSocket && sent.socket.authorized;
}

function explain(
  error: unknown,
  {
    host,
    signal,
    secured,
  }: { readonly host: string; readonly signal: AbortSignal; readonly secured: boolean },
): EgressError {
  if (signal.reason instanceof EgressError) return signal.reason;
  if (error instanceof EgressError) return error;
  const code = codeOf(error);
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new EgressError('too-large', `${host} answered with more than ${headerBytesMax} bytes of headers`);
  }
  if (code.startsWith('HPE_')) return new EgressError('not-http', `${host} did not answer in HTTP (${code})`);
  if (!secured && (code === 'EPROTO' || !isNetworkCode(code))) {
    return new EgressError(
      'tls',
      `${host} could not prove who it is (${code}); check its certificate and its CA`,
    );
  }
  return new EgressError('connection', `the connection to ${host} failed (${code}); it will be tried again`);
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown';

/** `ECONNREFUSED` and its kind come from the operating system; what OpenSSL says has another shape. */
function isNetworkCode(code: string): boolean {
  return /^E[A-Z]+$/.test(code);
}
