import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alice, bob, functionArn, newWorld, send } from './rig.ts';

const minuteMs = 60_000;

const noMatch = expect.stringMatching(/^The request signature we calculated does not match/);

describe('a signed request', () => {
  it('reaches the function with the caller that AWS would tell', async () => {
    const { events, post, sign } = await newWorld();
    expect(await send(await sign(post('{"do":"list"}')))).toMatchObject({ status: 200 });
    expect(events[0]?.requestContext.authorizer).toEqual({
      iam: {
        accessKey: alice.accessKeyId,
        accountId: '000000000000',
        callerId: 'AIDAALICE',
        cognitoIdentity: null,
        principalOrgId: null,
        userArn: 'arn:aws:iam::000000000000:user/alice',
        userId: 'AIDAALICE',
      },
    });
  });

  it('is its signer, whatever body, query and headers claim', async () => {
    const { events, post, sign, url } = await newWorld();
    const claims = JSON.stringify({
      requestContext: { authorizer: { iam: { userArn: 'arn:aws:iam::000000000000:user/alice' } } },
      caller: 'alice',
    });
    const request = {
      ...post(claims),
      url: `${url}?userArn=alice`,
      headers: { 'content-type': 'application/json', 'x-amzn-iam-user-arn': 'alice', 'x-amz-user': 'alice' },
    };
    await send(await sign(request, bob));
    expect(events[0]?.requestContext.authorizer.iam).toMatchObject({
      accessKey: bob.accessKeyId,
      userArn: 'arn:aws:iam::000000000000:user/bob',
    });
  });

  it('is good for five minutes of the world, before and after its time', async () => {
    const { clock, post, sign } = await newWorld();
    await clock.advance(90 * minuteMs);
    for (const ago of [4.9, -4.9]) {
      const request = await sign(post('{}'), { at: clock.now() - ago * minuteMs });
      expect(await send(request)).toMatchObject({ status: 200 });
    }
    for (const [ago, words] of [
      [5.1, /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/],
      [-5.1, /^Signature not yet current: /],
    ] as const) {
      const refused = await send(await sign(post('{}'), { at: clock.now() - ago * minuteMs }));
      expect(refused).toMatchObject({ status: 403 });
      expect(JSON.parse(refused.body)).toEqual({ message: expect.stringMatching(words) });
    }
  });

  it('may be sent again as it was while it is good: SigV4 has no nonce', async () => {
    const { clock, events, post, sign } = await newWorld();
    const request = await sign(post('{}'));
    await send(request);
    await send(request);
    expect(events).toHaveLength(2);
    await clock.advance(6 * minuteMs);
    expect(await send(request)).toMatchObject({ status: 403 });
  });

  it('is taken for any path, query, header and body that AWS signs', async () => {
    const { events, sign, url } = await newWorld();
    const word = fc.string({ unit: 'grapheme', maxLength: 6 });
    const query = fc.array(fc.tuple(word, word), { maxLength: 4 });
    const segments = fc.array(word, { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(segments, query, word, async (path, parameters, body) => {
        const encoded = path.map(encodeURIComponent).filter((segment) => !/^\.{1,2}$/.test(segment));
        // not URLSearchParams: its plus sign is no space to AWS
        const search = parameters.map((pair) => pair.map(encodeURIComponent).join('='));
        const request = {
          method: 'PUT',
          url: `${url}${encoded.join('/')}?${search.join('&')}`,
          headers: { 'x-word': ` a  b ${encodeURIComponent(body)} ` },
          body,
        };
        const before = events.length;
        expect(await send(await sign(request))).toMatchObject({ status: 200 });
        expect(events).toHaveLength(before + 1);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a request is refused, and the function never hears of it,', () => {
  it('where nobody signed', async () => {
    const { events, post } = await newWorld();
    const refused = await send(post('{}'));
    expect(refused).toMatchObject({ status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' } });
    expect(JSON.parse(refused.body)).toEqual({ Message: expect.stringMatching(/^Forbidden/) });
    expect(events).toEqual([]);
  });

  it.each<[string, (header: string) => string]>([
    ['is a bearer token', () => 'Bearer abc'],
    ['is another algorithm', (header) => header.replace('SHA256', 'SHA1')],
    ['lacks its signature', (header) => header.replace(/, Signature=.*/, '')],
    ['has an empty signature', (header) => header.replace(/Signature=.*/, 'Signature=')],
    ['has half a signature', (header) => header.slice(0, -32)],
    ['says its credential twice', (header) => `${header}, Credential=AKIABOB/x/y/z/aws4_request`],
    ['ends its scope in other words', (header) => header.replace('aws4_request', 'aws5_request')],
  ])('where the header %s', async (_, bend) => {
    const { events, post, sign } = await newWorld();
    const request = await sign(post('{}'));
    const authorization = bend(request.headers['authorization'] ?? '');
    const refused = await send({ ...request, headers: { ...request.headers, authorization } });
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.body)).toEqual({ message: expect.any(String) });
    expect(events).toEqual([]);
  });

  it.each([
    ['an unknown key', { accessKeyId: 'AKIAMALLORY' }, /^The security token .* is invalid\.$/],
    ['the key of one and the secret of another', { secretAccessKey: bob.secretAccessKey }, /does not match/],
    ['an empty secret', { secretAccessKey: '' }, /does not match/],
    ['another service', { service: 'execute-api' }, /scoped to correct service: 'lambda'/],
    ['another region', { region: 'us-east-1' }, /valid region, not 'us-east-1'/],
  ])('where it is signed with %s', async (_, how, words) => {
    const { events, post, sign } = await newWorld();
    const refused = await send(await sign(post('{}'), how));
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.body)).toEqual({ message: expect.stringMatching(words) });
    expect(events).toEqual([]);
  });

  it.each<[string, (request: { body?: string; method: string; url: string }) => object]>([
    ['body', () => ({ body: '{"do":"reinstate"}' })],
    ['method', () => ({ method: 'PUT' })],
    ['path', ({ url }) => ({ url: url.replace('?', 'more?') })],
    ['query', ({ url }) => ({ url: `${url}&force=true` })],
  ])('where its %s was changed after it was signed', async (_, bend) => {
    const { events, post, sign, url } = await newWorld();
    const request = await sign({ ...post('{"do":"list"}'), url: `${url}?page=1` });
    const refused = await send({ ...request, ...bend(request) });
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.body)).toEqual({ message: noMatch });
    expect(events).toEqual([]);
  });

  it.each<[string, Record<string, string | undefined>]>([
    ['a signed header was changed', { 'content-type': 'text/plain' }],
    ['a signed header was taken away', { 'x-case': undefined }],
    ['a header for AWS was added', { 'x-amz-invocation-type': 'Event' }],
    ['a session token was added', { 'x-amz-security-token': 'stolen' }],
    ['its time was moved', { 'x-amz-date': '20261124T101112Z' }],
    ['its time is no time', { 'x-amz-date': 'yesterday' }],
    ['it lost its time', { 'x-amz-date': undefined }],
    ['it claims another hash of its body', { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }],
  ])('where %s', async (_, change) => {
    const { events, post, sign } = await newWorld();
    const plain = post('{}');
    const request = await sign({ ...plain, headers: { ...plain.headers, 'x-case': 'case-1' } });
    const headers = Object.entries({ ...request.headers, ...change }).filter(
      ([, value]) => value !== undefined,
    );
    const refused = await send({
      ...request,
      headers: Object.fromEntries(headers) as Record<string, string>,
    });
    expect(refused.status).toBe(403);
    expect(events).toEqual([]);
  });

  it('where the signer left its body out of the signature', async () => {
    const { events, post, sign } = await newWorld();
    const plain = post('{}');
    const headers = { ...plain.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
    expect(await send(await sign({ ...plain, headers }))).toMatchObject({ status: 403 });
    expect(events).toEqual([]);
  });

  it.each([
    ['leaves out the host', 'content-type;x-amz-content-sha256;x-amz-date'],
    ['names what no request has', 'constructor;content-type;host;x-amz-content-sha256;x-amz-date'],
    ['is not in order', 'host;content-type;x-amz-content-sha256;x-amz-date'],
  ])('where the list of signed headers %s', async (_, names) => {
    const { events, post, sign } = await newWorld();
    const request = await sign(post('{}'));
    const authorization = (request.headers['authorization'] ?? '').replace(
      /SignedHeaders=[^,]*/,
      `SignedHeaders=${names}`,
    );
    const refused = await send({ ...request, headers: { ...request.headers, authorization } });
    expect(refused).toMatchObject({ status: 403 });
    expect(events).toEqual([]);
  });

  it('where it was signed for another function, by dots or without', async () => {
    const { events, post, sign, url, urls } = await newWorld();
    const other = urls.createUrl({ functionName: 'other', functionArn: `${functionArn}-2` });
    const request = await sign(post('{}'));
    for (const bent of [other, `${other}../operate/`, `${other}x/../../operate/`, `${url}./`])
      expect(await send({ ...request, url: bent })).toMatchObject({ status: 403 });
    expect(events).toEqual([]);
  });

  it('where its query cannot be decoded', async () => {
    const { post, sign, url } = await newWorld();
    const request = await sign(post('{}'));
    expect(await send({ ...request, url: `${url}?a=%E0%A4%A` })).toMatchObject({ status: 403 });
  });

  it('where any one bit of the signature is another', async () => {
    const { events, post, sign } = await newWorld();
    const request = await sign(post('{}'));
    const authorization = request.headers['authorization'] ?? '';
    const start = authorization.length - 64;
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 63 }), fc.integer({ min: 1, max: 15 }), async (at, flip) => {
        const digit = (Number.parseInt(authorization.charAt(start + at), 16) ^ flip).toString(16);
        const bent = authorization.slice(0, start + at) + digit + authorization.slice(start + at + 1);
        const refused = await send({ ...request, headers: { ...request.headers, authorization: bent } });
        expect(refused.status).toBe(403);
      }),
      { numRuns: 60 },
    );
    expect(events).toEqual([]);
  });

  it('where the signer may not, as AWS would say it', async () => {
    const { events, post, sign } = await newWorld({
      allows: ({ userArn }, arn) => arn === functionArn && userArn.endsWith('/bob'),
    });
    const refused = await send(await sign(post('{}')));
    expect(refused).toMatchObject({ status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' } });
    expect(JSON.parse(refused.body)).toEqual({ Message: expect.stringMatching(/^Forbidden/) });
    expect(events).toEqual([]);
    expect(await send(await sign(post('{}'), bob))).toMatchObject({ status: 200 });
  });
});

it('a header that is not for AWS may be added unsigned, and reaches the function', async () => {
  const { events, post, sign } = await newWorld();
  const request = await sign(post('{}'));
  await send({ ...request, headers: { ...request.headers, 'x-forwarded-user': 'alice' } });
  expect(events[0]?.headers['x-forwarded-user']).toBe('alice');
});
