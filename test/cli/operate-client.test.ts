import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOperateClient, type OperateDoor } from '../../lib/cli/operate-client.ts';
import { exitCodes } from '../../lib/cli/output.ts';
import type { OperateMessage } from '../../lib/wire/operate.ts';
import { alice, newWorld } from '../cloud/services/function-url/rig.ts';

const message: OperateMessage = { command: 'execute', plan: '01J000000000000000000000PL' };
const answer = { kind: 'registered', subject: 'partner/acme', revision: 1 } as const;

const clientOf = (url: string, over: Partial<OperateDoor> = {}) =>
  createOperateClient({ url, region: 'eu-west-1', credentials: alice, ...over });

type Handle = (request: IncomingMessage, body: string, response: ServerResponse) => void;

/** A server of the test; each request is handled by the next handler, and by the last one from then on. */
async function serve(...handles: readonly Handle[]) {
  const bodies: string[] = [];
  const heads: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => void (body += text));
    request.on('end', () => {
      bodies.push(body);
      heads.push(request.headers);
      handles[Math.min(bodies.length, handles.length) - 1]?.(request, body, response);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  onTestFinished(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, bodies, heads, close };
}

const says =
  (status: number, body: unknown): Handle =>
  (_, __, response) =>
    void response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
const hangsUp: Handle = (request) => void request.socket.destroy();
const keepsSilent: Handle = () => {};

describe('an order', () => {
  it('reaches the function with its caller, as JSON', async () => {
    const { url, events, told } = await newWorld();
    told.outcome = { ok: true, payload: answer };
    expect(await clientOf(url).send(message)).toEqual(answer);
    expect(events[0]).toMatchObject({
      body: JSON.stringify(message),
      isBase64Encoded: false,
      headers: { 'content-type': 'application/json' },
    });
    expect(events[0]?.requestContext.authorizer.iam['userArn']).toBe('arn:aws:iam::000000000000:user/alice');
  });

  it('accepts credentials and region as the SDK has them, and signs the session token', async () => {
    const { url, heads } = await serve(says(200, answer));
    const client = clientOf(url, {
      region: async () => 'eu-central-1',
      credentials: async () => ({ ...alice, sessionToken: 'of-the-session' }),
    });
    await client.send(message);
    expect(heads[0]).toMatchObject({ 'x-amz-security-token': 'of-the-session' });
    expect(heads[0]?.authorization).toMatch(
      /\/eu-central-1\/lambda\/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token,/,
    );
  });

  it('is signed by the clock of AWS if our clock is off', async () => {
    const { clock, url, events, told } = await newWorld();
    told.outcome = { ok: true, payload: answer };
    await clock.advance(3 * 3_600_000);
    const client = clientOf(url);
    await client.send(message);
    await client.send(message);
    expect(events).toHaveLength(2);
  });

  it('that is refused has an answer, with any HTTP status', async () => {
    const refused = { kind: 'refused', code: 'plan-old', reason: 'plan again' };
    for (const status of [400, 403, 409]) {
      const { url } = await serve(says(status, refused));
      expect(await clientOf(url).send(message)).toEqual(refused);
    }
  });

  it('is sent over https, or to this machine', () => {
    for (const url of ['http://example.com/', 'ftp://127.0.0.1/', 'operate', 'http://127.0.0.1.example.com/'])
      expect(() => clientOf(url)).toThrow(expect.objectContaining({ exitCode: exitCodes.usage }));
    expect(() => clientOf('https://abc.lambda-url.eu-west-1.on.aws/')).not.toThrow();
  });
});

describe('a lost answer', () => {
  it('makes the client send the same bytes again', async () => {
    const { url, bodies } = await serve(
      hangsUp,
      keepsSilent,
      says(502, 'Internal Server Error'),
      says(200, answer),
    );
    expect(await clientOf(url, { timeoutMs: 300 }).send(message)).toEqual(answer);
    expect(bodies).toEqual(Array.from({ length: 4 }, () => JSON.stringify(message)));
  });

  it.each<[string, Handle, string]>([
    ['is hung up on', hangsUp, 'UND_ERR_SOCKET'],
    ['gets nothing', keepsSilent, 'no answer within 50 ms'],
    ['fails', says(502, 'Internal Server Error'), 'HTTP 502'],
    ['is too much', says(429, { Reason: 'ConcurrentInvocationLimitExceeded' }), 'HTTP 429'],
  ])('ends as cannot reach if each of four attempts %s', async (_, handle, because) => {
    const { url, bodies } = await serve(handle);
    await expect(clientOf(url, { timeoutMs: 50 }).send(message)).rejects.toMatchObject({
      exitCode: exitCodes.cannotReach,
      message: expect.stringContaining(because) as string,
    });
    expect(bodies).toHaveLength(4);
  });
});

describe('a reply that is no answer', () => {
  it.each<[string, Handle, keyof typeof exitCodes, string]>([
    [
      'AWS refuses the call',
      says(403, { Message: 'Forbidden. \u001b[2J' }),
      'refused',
      'lambda:InvokeFunctionUrl',
    ],
    ['the signature is bad', says(403, { message: 'does not match' }), 'refused', 'does not match'],
    ['the body is empty', says(200, ''), 'cannotReach', 'did not come from the operate function'],
    ['the body is other JSON', says(200, { ok: true }), 'cannotReach', 'did not come from the operate'],
    ['it is too long', says(200, ' '.repeat(2_000_000)), 'cannotReach', 'longer than'],
    ['there is no such URL', says(404, {}), 'cannotReach', 'RescindOperateUrl'],
  ])('ends the command at once if %s', async (_, handle, ending, because) => {
    const { url, bodies } = await serve(handle);
    const failed: unknown = await clientOf(url)
      .send(message)
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({
      exitCode: exitCodes[ending],
      message: expect.stringContaining(because) as string,
    });
    expect((failed as Error).message).not.toContain('\u001b');
    expect(bodies).toHaveLength(1);
  });

  it('can be a redirect, which is not followed', async () => {
    const elsewhere = await serve(says(200, answer));
    const { url } = await serve((_, __, response) =>
      response.writeHead(307, { location: elsewhere.url }).end(),
    );
    await expect(clientOf(url).send(message)).rejects.toMatchObject({ exitCode: exitCodes.cannotReach });
    expect(elsewhere.bodies).toEqual([]);
  });

  it('can be a refused connection', async () => {
    const { url, close } = await serve(says(200, answer));
    await close();
    await expect(clientOf(url).send(message)).rejects.toMatchObject({
      exitCode: exitCodes.cannotReach,
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
  });

  it('can be an error of the SDK about missing credentials', async () => {
    const nobody = async () => {
      throw Object.assign(new Error('no keys'), { name: 'CredentialsProviderError' });
    };
    await expect(
      clientOf('http://127.0.0.1:1/', { credentials: nobody }).send(message),
    ).rejects.toMatchObject({ name: 'CredentialsProviderError' });
  });
});
