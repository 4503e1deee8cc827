import { createSecureServer } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import {
  type AddressInfo,
  createServer,
  getDefaultAutoSelectFamily,
  type Server,
  setDefaultAutoSelectFamily,
} from 'node:net';
import type { TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createEgress, EgressError, type EgressOptions } from '../../lib/connectors/egress.ts';
import type { FetchInit } from '../../lib/connectors/egress/fetch.ts';
import { type AuthorityCertificates, makeAuthorityCertificates } from '../authority/tls/certificates.ts';
import { startTlsServer } from './tls-server.ts';

let certificates: AuthorityCertificates;
const started: { close(): unknown }[] = [];
beforeAll(async () => {
  certificates = await makeAuthorityCertificates();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(started.splice(0).map((server) => server.close()));
});

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  started.push(server);
  return (server.address() as AddressInfo).port;
};

/** Says these bytes to whatever it is asked, over good TLS, and leaves the connection open. */
const says = (bytes: string | Buffer): Promise<number> =>
  listen(
    createTlsServer(certificates).on('secureConnection', (socket: TLSSocket) => {
      socket.on('error', () => undefined).once('data', () => socket.write(bytes));
    }),
  );

interface Call extends Partial<EgressOptions> {
  readonly host?: string;
  readonly init?: FetchInit;
}

const call = (port: number, { host = '127.0.0.1', init, ...options }: Call = {}): Promise<Response> => {
  const rules = [{ host: `${host}:${port}`, addresses: ['127.0.0.0/8'], ca: certificates.ca }];
  return createEgress({ rules, timeoutMs: 5_000, ...options }).fetch(`https://${host}:${port}/`, init);
};

async function refusalOf(answer: Promise<unknown>): Promise<EgressError> {
  try {
    await answer;
  } catch (error) {
    if (error instanceof EgressError) return error;
    throw error;
  }
  throw new Error('it was answered');
}

describe('egress takes from a server', () => {
  // Node drops the connection and tells nobody: the call hung for ever, past every deadline.
  it('no switch to another protocol that nobody asked for', async () => {
    const port = await says(
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n',
    );
    expect((await refusalOf(call(port))).code).toBe('not-http');
  });

  it.each([
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['what is no HTTP', '{"active":false}'],
    ['an answer of two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    [
      'a length beside chunks',
      'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a status that is none', 'HTTP/1.1 700 Fine\r\ncontent-length: 0\r\n\r\n'],
  ])('not %s', async (_, bytes) => {
    expect((await refusalOf(call(await says(bytes)))).code).toBe('not-http');
  });

  it('HTTP/1.1, though the server would rather speak HTTP/2', async () => {
    const spoken: string[] = [];
    const server = createSecureServer({ ...certificates, allowHTTP1: true }, (request, response) => {
      spoken.push(request.httpVersion);
      response.end();
    });
    expect((await call(await listen(server as unknown as Server))).status).toBe(200);
    expect(spoken).toEqual(['1.1']);
  });

  it('no longer than its time, however often it says that the answer is on its way', async () => {
    const port = await says('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1_000));
    expect((await refusalOf(call(port, { timeoutMs: 200 }))).code).toBe('timeout');
  });

  it('a compressed body as it came: what it would become costs nobody anything', async () => {
    const bomb = gzipSync(Buffer.alloc(10 * 1024 * 1024));
    let asked: string | undefined;
    const server = await startTlsServer(certificates, (request, response) => {
      asked = request.headers['accept-encoding'];
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    started.push(server);
    const body = Buffer.from(await (await call(server.port)).arrayBuffer());
    expect(body.equals(bomb)).toBe(true);
    expect(asked).toBeUndefined();
  });

  it('no redirect to another place: nothing is ever connected there', async () => {
    let connections = 0;
    const inside = await listen(createServer(() => void (connections += 1)));
    for (const status of [301, 302, 303, 307, 308]) {
      const port = await says(
        `HTTP/1.1 ${status} Over There\r\nlocation: https://127.0.0.1:${inside}/\r\ncontent-length: 0\r\n\r\n`,
      );
      expect((await refusalOf(call(port, { init: { method: 'POST', body: 'token=t' } }))).code).toBe(
        'redirect',
      );
    }
    expect(connections).toBe(0);
  });
});

describe('egress sends', () => {
  it.each([
    ['a header with a line break', { headers: { authorization: 'Bearer hidden\r\nx-injected: 1' } }],
    ['a name of a header with a line break', { headers: { 'x\r\nhidden': '1' } }],
    ['a method with a line break', { method: 'GET / HTTP/1.1\r\nx: hidden' }],
  ])('never %s, and says so without its text', async (_, init) => {
    let connections = 0;
    const port = await listen(createServer(() => void (connections += 1)));
    const refusal = await refusalOf(call(port, { init }));
    expect(refusal.code).toBe('request');
    expect(refusal.message).not.toContain('hidden');
    expect(connections).toBe(0);
  });

  it('the name of the host that it was given in the handshake, whatever a header says', async () => {
    const asked: (string | false | null)[] = [];
    const server = await startTlsServer(certificates, (request, response) => {
      asked.push((request.socket as TLSSocket).servername);
      response.end();
    });
    started.push(server);
    const init = { headers: { host: 'evil.example' } };
    expect((await call(server.port, { host: 'localhost', init })).status).toBe(200);
    // RFC 6066 section 3: an address is no server name
    expect((await call(server.port, { init })).status).toBe(200);
    expect(asked).toEqual(['localhost', false]);
  });

  it('nothing by way of a proxy, whatever the environment names', async () => {
    let connections = 0;
    const proxy = await listen(createServer(() => void (connections += 1)));
    for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'])
      vi.stubEnv(name, `http://127.0.0.1:${proxy}`);
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    const server = await startTlsServer(certificates, (_, response) => void response.end('direct'));
    started.push(server);
    expect(await (await call(server.port)).text()).toBe('direct');
    expect(connections).toBe(0);
  });
});

describe('egress connects to a checked address', () => {
  const lookup = async () => [{ address: '127.0.0.1' }, { address: '127.0.0.9' }];

  it('also where Node asks the resolver for one address only', async () => {
    const server = await startTlsServer(certificates, (_, response) => void response.end('here'));
    started.push(server);
    const before = getDefaultAutoSelectFamily();
    setDefaultAutoSelectFamily(false);
    try {
      expect(await (await call(server.port, { host: 'localhost', lookup })).text()).toBe('here');
    } finally {
      setDefaultAutoSelectFamily(before);
    }
  });

  it('and asks no other resolver: a name that nobody else knows is reached', async () => {
    const server = await startTlsServer(certificates, (_, response) => void response.end());
    started.push(server);
    const host = 'nowhere.invalid';
    // reached, and then refused for its certificate, which is for another name
    const refusal = await refusalOf(
      call(server.port, { host, lookup: async () => [{ address: '127.0.0.1' }] }),
    );
    expect([refusal.code, server.connections()]).toEqual(['tls', 1]);
  });

  it('or to none: where all of them refuse, that is the end of it', async () => {
    const server = await startTlsServer(certificates, () => undefined);
    await server.close();
    const refusal = await refusalOf(call(server.port, { host: 'localhost', lookup }));
    expect(refusal.code).toBe('connection');
  });
});
