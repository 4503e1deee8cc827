import { describe, expect, it } from 'vitest';
import { functionArn, newWorld, send } from './rig.ts';

describe('the event', () => {
  it('is the payload of version 2.0', async () => {
    const { clock, events, sign, url } = await newWorld();
    await clock.advance(3_600_000);
    const before = clock.now();
    await send(
      await sign({
        method: 'POST',
        url: `${url}cases/c%201?page=1&page=2&q=a%20b`,
        headers: { 'content-type': 'application/json', 'user-agent': 'rescind' },
        body: '{"do":"list"}',
      }),
    );
    const [event] = events;
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/cases/c%201',
      rawQueryString: 'page=1&page=2&q=a%20b',
      queryStringParameters: { page: '1,2', q: 'a b' },
      headers: { host: new URL(url).host, 'content-type': 'application/json' },
      requestContext: {
        accountId: functionArn.split(':')[4],
        apiId: 'operate',
        http: {
          method: 'POST',
          path: '/cases/c%201',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'rescind',
        },
        requestId: 'request-1',
        stage: '$default',
      },
      body: '{"do":"list"}',
      isBase64Encoded: false,
    });
    expect(Number(event?.requestContext['timeEpoch'])).toBeGreaterThanOrEqual(before);
    expect(event?.requestContext['time']).toMatch(/^\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} \+0000$/);
  });

  it('of a bare URL has the path / and no body', async () => {
    const { events, sign, url } = await newWorld();
    await send(await sign({ method: 'GET', url, headers: {} }));
    expect(events[0]).toMatchObject({ rawPath: '/', rawQueryString: '', isBase64Encoded: false });
    expect(events[0]).not.toHaveProperty('body');
    expect(events[0]).not.toHaveProperty('queryStringParameters');
  });

  it.each([
    ['application/json; charset=utf-8', false],
    ['text/plain', false],
    ['application/problem+json', false],
    ['application/octet-stream', true],
    ['application/x-www-form-urlencoded', true],
  ])('carries a body of the type %s in base64: %s', async (type, inBase64) => {
    const { events, post, sign } = await newWorld();
    await send(await sign({ ...post('héllo'), headers: { 'content-type': type } }));
    expect(events[0]).toMatchObject({
      isBase64Encoded: inBase64,
      body: inBase64 ? Buffer.from('héllo').toString('base64') : 'héllo',
    });
  });
});

describe('the answer', () => {
  const answerTo = async (payload: unknown) => {
    const { told, post, sign } = await newWorld();
    told.outcome = { ok: true, payload };
    return send(await sign(post('{}')));
  };

  it.each([
    [{ message: 'hello' }, '{"message":"hello"}'],
    ['hello', '"hello"'],
    [[1, 2], '[1,2]'],
    [null, 'null'],
  ])('%j without a status code is the JSON of a 200', async (payload, body) => {
    const answer = await answerTo(payload);
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' }, body });
  });

  it('with a status code says status, headers and body itself', async () => {
    const answer = await answerTo({
      statusCode: 409,
      headers: { 'Content-Type': 'text/plain', 'X-Count': 2, 'Content-Length': 999 },
      body: 'not twice',
    });
    expect(answer).toMatchObject({
      status: 409,
      headers: { 'content-type': 'text/plain', 'x-count': '2', 'content-length': '9' },
      body: 'not twice',
    });
  });

  it('may be base64, and is JSON by default', async () => {
    const body = Buffer.from('bytes').toString('base64');
    expect(await answerTo({ statusCode: 200, body, isBase64Encoded: true })).toMatchObject({ body: 'bytes' });
    expect(await answerTo({ statusCode: 201 })).toMatchObject({
      status: 201,
      headers: { 'content-type': 'application/json' },
      body: '',
    });
  });

  it.each([
    [{ statusCode: '200' }],
    [{ statusCode: 99 }],
    [{ statusCode: 200, body: { not: 'text' } }],
    [{ statusCode: 200, headers: { 'x-a': 'two\r\nlines' } }],
    [{ statusCode: 200, headers: { 'bad name': 'x' } }],
  ])('%j is malformed: 502', async (payload) => {
    expect(await answerTo(payload)).toMatchObject({ status: 502, body: 'Internal Server Error' });
  });

  it('of a function that failed is a 502 that says nothing of why', async () => {
    const { told, post, sign } = await newWorld();
    told.outcome = { ok: false, error: { errorType: 'TypeError', errorMessage: 'the secret is 42' } };
    const answer = await send(await sign(post('{}')));
    expect(answer).toMatchObject({ status: 502, body: 'Internal Server Error' });
    expect(JSON.stringify(answer)).not.toContain('42');
  });

  it('bears the time of the world and the id of the request', async () => {
    const { clock, post, sign } = await newWorld();
    await clock.advance(86_400_000);
    const { headers } = await send(await sign(post('{}')));
    expect(Math.abs(Date.parse(String(headers['date'])) - clock.now())).toBeLessThan(2_000);
    expect(headers['x-amzn-requestid']).toBe('request-1');
  });
});

describe('the address', () => {
  it('is a plain URL with a slash at its end, known before the function has it', async () => {
    const { urls, url } = await newWorld();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/operate\/$/);
    const later = urls.urlOf('later');
    expect(urls.createUrl({ functionName: 'later', functionArn })).toBe(later);
    expect(() => urls.createUrl({ functionName: 'later', functionArn })).toThrow('has a URL already');
  });

  it('can be called with fetch', async () => {
    const { events, post, sign, url } = await newWorld();
    const { host: _, ...headers } = (await sign(post('{"do":"list"}'))).headers;
    const answer = await fetch(url, { method: 'POST', headers, body: '{"do":"list"}' });
    expect(await answer.json()).toEqual({ heard: true });
    expect(events[0]?.body).toBe('{"do":"list"}');
  });

  it('that no function has is not found', async () => {
    const { post, sign, urls } = await newWorld();
    const request = await sign({ ...post('{}'), url: urls.urlOf('nobody') });
    expect(await send(request)).toMatchObject({ status: 404 });
  });

  it('takes no body of more than 6 MiB', async () => {
    const { events, post, sign } = await newWorld();
    const request = await sign(post('x'.repeat(6 * 1024 * 1024 + 1)));
    expect(await send(request)).toMatchObject({ status: 413 });
    expect(events).toEqual([]);
  });
});
