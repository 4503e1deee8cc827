import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** One request as it arrived, before anybody believes it. */
export interface HttpRequest {
  readonly method: string;
  /** As on the wire: encoded, without the query. */
  readonly path: string;
  /** As on the wire, without the question mark; empty where there is none. */
  readonly query: string;
  /** By lower-case name; the values of a repeated header are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly sourceIp: string;
}

/** Lambda Developer Guide, "Lambda quotas": 6 MB for a synchronous request. */
const bodyBytesMax = 6 * 1024 * 1024;

/** Reads it to its end; undefined where the body is larger than Lambda takes. */
export async function readHttpRequest(message: IncomingMessage): Promise<HttpRequest | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= bodyBytesMax) chunks.push(chunk);
  }
  if (size > bodyBytesMax) return undefined;
  const target = message.url ?? '/';
  const mark = target.indexOf('?');
  return {
    method: message.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers: joined(message.headers),
    body: Buffer.concat(chunks),
    sourceIp: message.socket.remoteAddress ?? '',
  };
}

function joined(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  // without a prototype: a caller names the headers that are looked up, and may name `constructor`
  const values = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(headers)) values[name] = [value ?? ''].flat().join(',');
  return values;
}
