import type { RequestListener, ServerResponse } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createEgress, type Egress, EgressError, type EgressOptions } from '../../lib/connectors/egress.ts';
import { type AuthorityCertificates, makeAuthorityCertificates } from '../authority/tls/certificates.ts';
import { startTlsServer, type TlsServer } from './tls-server.ts';

let certificates: AuthorityCertificates;
let server: TlsServer;

beforeAll(async () => {
  certificates = await makeAuthorityCertificates();
});
afterEach(() => server?.close());

async function start(answer: (response: ServerResponse, body: string) => void): Promise<void> {
  const handler: RequestListener = (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => answer(response, body));
  };
  server = await startTlsServer(certificates, handler);
}

function egressTo(host: string, options: Partial<EgressOptions> = {}): Egress {
  return createEgress({ rules: [{ host, addresses: ['127.0.0.0/8'], ca: certificates.ca }], ...options });
}

async function codeOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
  } catch (error) {
    if (error instanceof EgressError) return error.code;
    throw error;
  }
  return 'answered';
}

describe('egress carries a request and its answer', () => {
  it('sends method, headers and form, and gives status, headers and body', async () => {
    await start((response, body) =>
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ body })),
    );
    const answer = await egressTo(server.host).fetch(`https://${server.host}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ token: 'a b' }),
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toEqual({ body: 'token=a+b' });
  });

  it('keeps the connection for the next call', async () => {
    await start((response) => response.end());
    const egress = egressTo(server.host);
    const init = { method: 'POST', body: new URLSearchParams({ token: 'token' }) };
    for (let call = 0; call < 5; call += 1) await egress.fetch(`https://${server.host}/`, init);
    expect(server.connections()).toBe(1);
  });

  it('gives the null body of a 204', async () => {
    await start((response) => response.writeHead(204).end());
    expect((await egressTo(server.host).fetch(`https://${server.host}/`)).status).toBe(204);
  });
});

describe('egress connects to what it checked', () => {
  it('asks the resolver once, whatever it would say the second time (DNS rebinding)', async () => {
    await start((response) => response.end('here'));
    let asked = 0;
    const lookup = async () => [{ address: (asked += 1) === 1 ? '127.0.0.1' : '192.0.2.1' }];
    const egress = egressTo(`localhost:${server.port}`, { lookup });
    const answer = await egress.fetch(`https://localhost:${server.port}/`);
    expect(await answer.text()).toBe('here');
    expect(asked).toBe(1);
  });

  it('leaves a kept connection alone once the name resolves elsewhere', async () => {
    await start((response) => response.end());
    const answers = ['127.0.0.1', '192.0.2.1'];
    const lookup = async () => [{ address: answers.shift() ?? '' }];
    const egress = egressTo(`localhost:${server.port}`, { lookup });
    expect(await codeOf(egress.fetch(`https://localhost:${server.port}/`))).toBe('answered');
    expect(await codeOf(egress.fetch(`https://localhost:${server.port}/`))).toBe('address');
  });

  it('tries the next checked address when one does not answer', async () => {
    await start((response) => response.end('here'));
    const lookup = async () => [{ address: '127.0.0.9' }, { address: '127.0.0.1' }];
    const egress = egressTo(`localhost:${server.port}`, { lookup });
    expect(await (await egress.fetch(`https://localhost:${server.port}/`)).text()).toBe('here');
  });
});

describe('egress believes certificates only', () => {
  it('refuses a certificate that the public roots do not know', async () => {
    await start((response) => response.end());
    const rules = [{ host: server.host, addresses: ['127.0.0.1'] }];
    expect(await codeOf(createEgress({ rules }).fetch(`https://${server.host}/`))).toBe('tls');
  });

  it('refuses a certificate of another CA than the one listed, though it has the same name', async () => {
    await start((response) => response.end());
    const { ca } = await makeAuthorityCertificates();
    const rules = [{ host: server.host, addresses: ['127.0.0.1'], ca }];
    expect(await codeOf(createEgress({ rules }).fetch(`https://${server.host}/`))).toBe('tls');
  });

  it('refuses a certificate for another host', async () => {
    await start((response) => response.end());
    const lookup = async () => [{ address: '127.0.0.1' }];
    const host = `bank.example:${server.port}`;
    expect(await codeOf(egressTo(host, { lookup }).fetch(`https://${host}/`))).toBe('tls');
  });

  it('is not talked out of it by NODE_TLS_REJECT_UNAUTHORIZED', async () => {
    await start((response) => response.end());
    const rules = [{ host: server.host, addresses: ['127.0.0.1'] }];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect(await codeOf(createEgress({ rules }).fetch(`https://${server.host}/`))).toBe('tls');
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
  });
});

describe('egress bounds what an answer may cost', () => {
  const fetchOne = (options: Partial<EgressOptions> = {}) =>
    egressTo(server.host, options).fetch(`https://${server.host}/`);

  it('follows no redirect', async () => {
    await start((response) => response.writeHead(302, { location: `https://${server.host}/other` }).end());
    expect(await codeOf(fetchOne())).toBe('redirect');
    expect(server.connections()).toBe(1);
  });

  it('ends the connection of an answer that it does not read', async () => {
    await start((response) => response.writeHead(302).end(Buffer.alloc(1024 * 1024)));
    expect(await codeOf(fetchOne())).toBe('redirect');
    await expect.poll(() => server.open()).toBe(0);
  });

  it('takes a body of 64 KiB and no byte more', async () => {
    let size = 64 * 1024;
    await start((response) => response.end(Buffer.alloc(size)));
    expect(await codeOf(fetchOne())).toBe('answered');
    size += 1;
    expect(await codeOf(fetchOne())).toBe('too-large');
  });

  it('stops an endless body while it streams', async () => {
    await start((response) => {
      const feed = (): void => {
        while (response.write(Buffer.alloc(16 * 1024)));
      };
      response.on('drain', feed).on('error', () => undefined);
      feed();
    });
    expect(await codeOf(fetchOne({ timeoutMs: 5_000 }))).toBe('too-large');
  });

  it('takes no more headers than it has room for', async () => {
    await start((response) => response.writeHead(200, { 'x-padding': 'x'.repeat(17 * 1024) }).end());
    expect(await codeOf(fetchOne())).toBe('too-large');
  });

  it('gives up on a server that never answers', async () => {
    await start(() => undefined);
    expect(await codeOf(fetchOne({ timeoutMs: 50 }))).toBe('timeout');
  });

  it('gives up on a server that drips', async () => {
    await start((response) => {
      const drip = setInterval(() => response.write('.'), 10);
      response.on('close', () => clearInterval(drip));
    });
    expect(await codeOf(fetchOne({ timeoutMs: 100 }))).toBe('timeout');
  });

  it('does not use the connection of a call that timed out again', async () => {
    let calls = 0;
    await start((response) => void ((calls += 1) > 1 && response.end('second')));
    const egress = egressTo(server.host, { timeoutMs: 700 });
    expect(await codeOf(egress.fetch(`https://${server.host}/`))).toBe('timeout');
    expect(await (await egress.fetch(`https://${server.host}/`)).text()).toBe('second');
    expect(server.connections()).toBe(2);
  });

  it('gives up when the caller does', async () => {
    await start(() => undefined);
    const signal = AbortSignal.timeout(20);
    const answer = egressTo(server.host).fetch(`https://${server.host}/`, { signal });
    expect(await codeOf(answer)).toBe('aborted');
  });

  it('calls a cut connection by its name', async () => {
    await start((response) => void response.destroy());
    expect(await codeOf(fetchOne())).toBe('connection');
  });

  it('calls half an answer a cut connection', async () => {
    await start((response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setTimeout(() => response.destroy(), 10);
    });
    expect(await codeOf(fetchOne())).toBe('connection');
  });

  it('calls a port where nobody listens a failed connection', async () => {
    await start(() => undefined);
    await server.close();
    expect(await codeOf(fetchOne())).toBe('connection');
  });
});

describe('egress meets a server that speaks no TLS', () => {
  const plain = createServer((socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\n'));
  beforeAll(() => new Promise<void>((resolve) => void plain.listen(0, '127.0.0.1', resolve)));
  afterAll(() => void plain.close());

  it('and calls it that', async () => {
    const { port } = plain.address() as AddressInfo;
    const rules = [{ host: `127.0.0.1:${port}`, addresses: ['127.0.0.1'], ca: certificates.ca }];
    expect(await codeOf(createEgress({ rules }).fetch(`https://127.0.0.1:${port}/`))).toBe('tls');
  });
});
