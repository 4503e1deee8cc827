import { describe, expect, it } from 'vitest';
import { newWorld, until } from './rig.ts';

describe('a function worker', () => {
  it('hands the event to the handler and its answer back, both as JSON', async () => {
    const { define, ask } = newWorld();
    const arn = define(
      `export const handler = async (event) => ({ event, at: new Date(0), none: undefined })`,
    );
    expect(await ask(arn, { id: 'a', gone: undefined })).toEqual({
      event: { id: 'a' },
      at: '1970-01-01T00:00:00.000Z',
    });
  });

  it('answers null for a handler that returns nothing', async () => {
    const { define, ask } = newWorld();
    expect(await ask(define(`export const handler = async () => {}`))).toBeNull();
  });

  it('sees its own environment and nothing of ours', async () => {
    const { define, ask } = newWorld();
    process.env['LEAK_OF_THE_HOST'] = 'yes';
    const arn = define(`export const handler = async () => process.env`, {
      environment: { RESCIND_BUS: 'bus', AWS_ACCESS_KEY_ID: 'AKIATEST' },
      memoryMiB: 256,
    });
    const environment = (await ask(arn)) as Record<string, string>;
    delete process.env['LEAK_OF_THE_HOST'];
    expect(Object.keys(environment).toSorted()).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_DEFAULT_REGION',
      'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
      'AWS_LAMBDA_FUNCTION_NAME',
      'AWS_LAMBDA_FUNCTION_VERSION',
      'AWS_LAMBDA_INITIALIZATION_TYPE',
      'AWS_LAMBDA_LOG_GROUP_NAME',
      'AWS_LAMBDA_LOG_STREAM_NAME',
      'AWS_REGION',
      'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED',
      'LAMBDA_TASK_ROOT',
      'LANG',
      'RESCIND_BUS',
      'TZ',
      '_HANDLER',
      '_X_AMZN_TRACE_ID',
    ]);
    expect(environment).toMatchObject({
      AWS_REGION: 'eu-west-1',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      _HANDLER: 'index.handler',
    });
  });

  it('keeps the environments of two functions apart', async () => {
    const { define, ask } = newWorld();
    const code = `export const handler = async () => { process.env.MINE += '!'; return process.env.MINE }`;
    const one = define(code, { name: 'one', environment: { MINE: '1' } });
    const two = define(code, { name: 'two', environment: { MINE: '2' } });
    expect([await ask(one), await ask(two), await ask(one)]).toEqual(['1!', '2!', '1!!']);
  });

  it('reads the world clock, also when it jumps between and within invocations', async () => {
    const { clock, define, ask, lines } = newWorld();
    const arn = define(`
      const loadedAt = Date.now();
      export const handler = async (wait) => {
        const from = new Date().getTime();
        console.log('started');
        while (wait && Date.now() - from < 3_600_000) await new Promise((done) => setTimeout(done, 1));
        return { loadedAt, now: Date.now() };
      }`);
    await clock.advance(86_400_000);
    const first = (await ask(arn, false)) as { loadedAt: number; now: number };
    expect(Math.abs(first.loadedAt - clock.now())).toBeLessThan(2_000);
    const waiting = ask(arn, true);
    await until(() => lines.length === 2);
    await clock.advance(3_600_000);
    const { now } = (await waiting) as { now: number };
    expect(Math.abs(now - clock.now())).toBeLessThan(2_000);
    expect(clock.now() - Date.now()).toBeGreaterThan(89_000_000);
  });

  it('gets a context of the shape that Lambda gives', async () => {
    const { define, ask } = newWorld();
    const arn = define(
      `export const handler = async (_, context) => ({ ...context, left: context.getRemainingTimeInMillis() })`,
    );
    const context = (await ask(arn)) as Record<string, unknown>;
    expect(context).toMatchObject({
      functionName: 'tested',
      functionVersion: '$LATEST',
      invokedFunctionArn: arn,
      memoryLimitInMB: '128',
      logGroupName: '/aws/lambda/tested',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
    });
    expect(context['left']).toBeGreaterThan(4_000);
    expect(context['left']).toBeLessThanOrEqual(5_000);
  });
});

describe('the log of a function', () => {
  it('has every line, with stream, request and the time of the world', async () => {
    const { clock, lambda, define, lines } = newWorld();
    await clock.advance(86_400_000);
    const arn = define(`
      console.log('loading');
      export const handler = async () => {
        process.stdout.write('half ');
        console.error('oops');
        process.stdout.write('line\\nsecond\\n');
        process.stdout.write('no break');
      }`);
    const requests: string[] = [];
    lambda.onInvocation(({ requestId }) => requests.push(requestId));
    await lambda.invoke(arn, {});
    const [requestId] = requests;
    expect(lines[0]).not.toHaveProperty('requestId');
    expect(lines).toMatchObject([
      { function: 'tested', stream: 'stdout', text: 'loading' },
      { function: 'tested', requestId, stream: 'stderr', text: 'oops' },
      { function: 'tested', requestId, stream: 'stdout', text: 'half line' },
      { function: 'tested', requestId, stream: 'stdout', text: 'second' },
      { function: 'tested', requestId, stream: 'stdout', text: 'no break' },
    ]);
    for (const { at } of lines) expect(Math.abs(at - clock.now())).toBeLessThan(2_000);
  });

  it('does not mix the lines of two invocations', async () => {
    const { lambda, define, lines } = newWorld();
    const arn = define(`export const handler = async (word) => { process.stdout.write(word) }`, {
      concurrency: 1,
    });
    await Promise.all(['one', 'two', 'three'].map((word) => lambda.invoke(arn, word)));
    expect(lines.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
    expect(new Set(lines.map(({ requestId }) => requestId)).size).toBe(3);
  });
});
