import { describe, expect, it } from 'vitest';
import { arnOf, errorOf, newWorld, until } from './rig.ts';

describe('the error of an invocation', () => {
  it('carries type, message and trace of a thrown error, and the worker stays', async () => {
    const { lambda, define, ask, lines } = newWorld();
    const arn = define(`
      let count = 0;
      class Refused extends Error { name = 'Refused' }
      export const handler = async (fail) => { count += 1; if (fail) throw new Refused('not today'); return count }`);
    const error = errorOf(await lambda.invoke(arn, true));
    expect(error).toMatchObject({ errorType: 'Refused', errorMessage: 'not today' });
    expect(error.trace?.[0]).toContain('not today');
    expect(error.trace?.[1]).toContain('index.mjs');
    expect(lines.map(({ stream, text }) => [stream, text.split('\t')[0]])).toEqual([
      ['stderr', 'Invoke Error'],
    ]);
    expect(await ask(arn, false)).toBe(2);
  });

  it('names the type of a thrown value that is no error', async () => {
    const { lambda, define } = newWorld();
    const arn = define(`export const handler = () => { throw 'plain' }`);
    expect(errorOf(await lambda.invoke(arn, {}))).toEqual({
      errorType: 'string',
      errorMessage: 'plain',
      trace: [],
    });
  });

  it('is said of an answer that is not JSON', async () => {
    const { lambda, define } = newWorld();
    const arn = define(`export const handler = async () => 1n`);
    expect(errorOf(await lambda.invoke(arn, {})).errorMessage).toBe('Unable to stringify response body');
  });

  it.each([
    ['export const other = 1', 'Runtime.HandlerNotFound', 'index.handler is undefined or not exported'],
    ['import "missing-package"', 'Runtime.ImportModuleError', 'missing-package'],
    ['export const = 1', 'Runtime.UserCodeSyntaxError', 'SyntaxError'],
    ['throw new TypeError("no table")', 'TypeError', 'no table'],
  ])('names what is wrong with the bundle: %s', async (code, errorType, message) => {
    const { lambda, define } = newWorld();
    const error = errorOf(await lambda.invoke(define(code), {}));
    expect(error.errorType).toBe(errorType);
    expect(error.errorMessage).toContain(message);
  });

  it('is a rejection for a function that does not exist', async () => {
    const { lambda } = newWorld();
    await expect(lambda.invoke(arnOf('nobody'), {})).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });
});

describe('a worker that ends', () => {
  it.each(['await new Promise(() => {})', 'for (;;) {}'])(
    'is ended at the time limit, even in: %s',
    async (body) => {
      const { lambda, define, ask } = newWorld();
      const arn = define(
        `let calls = 0; export const handler = async (hang) => { calls += 1; if (hang) ${body}; return calls }`,
        {
          timeoutSeconds: 0.25,
        },
      );
      await ask(arn, false);
      const error = errorOf(await lambda.invoke(arn, true));
      expect(error.errorType).toBe('Sandbox.Timedout');
      expect(error.errorMessage).toMatch(
        /^RequestId: [0-9a-f-]{36} Error: Task timed out after 0\.25 seconds$/,
      );
      expect(await ask(arn, false)).toBe(1);
    },
  );

  it.each([
    ['process.exit(3)', 'Error: Runtime exited with error: exit status 3'],
    ['process.exit(0)', 'Error: Runtime exited without providing a reason'],
    ['setImmediate(() => { throw new Error("loose end") })', 'exit status 1'],
    ['void Promise.reject(new Error("loose end"))', 'exit status 1'],
  ])('ends its invocation as ExitError after %s, and the next gets a new worker', async (code, message) => {
    const { lambda, define, ask, lines } = newWorld();
    const arn = define(
      `let calls = 0; export const handler = async (crash) => { calls += 1; if (crash) { process.stdout.write('last words'); ${code}; await new Promise(() => {}) } return calls }`,
    );
    await ask(arn, false);
    const error = errorOf(await lambda.invoke(arn, true));
    expect(error.errorType).toBe('Runtime.ExitError');
    expect(error.errorMessage).toContain(message);
    expect(lines.map(({ text }) => text).join()).toContain('last words');
    expect(await ask(arn, false)).toBe(1);
  });

  it('takes every busy worker of a killed function with it, and nothing of them runs on', async () => {
    const { lambda, define, ask, lines } = newWorld();
    const code = `export const handler = async (hang) => {
      console.log('up');
      if (hang) for (;;) { await new Promise((done) => setTimeout(done, 1)); console.log('tick') }
      return 'well';
    }`;
    const arn = define(code, { name: 'victim', concurrency: 2 });
    const bystander = define(code, { name: 'bystander' });
    const spared = lambda.invoke(bystander, true);
    const running = [1, 2].map(() => lambda.invoke(arn, true));
    const queued = lambda.invoke(arn, false);
    await until(() => lines.filter(({ text }) => text === 'up').length === 3);

    expect(await lambda.kill('victim')).toBe(2);
    const written = lines.filter((line) => line.function === 'victim' && line.text === 'tick').length;
    for (const outcome of await Promise.all(running))
      expect(errorOf(outcome)).toMatchObject({
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringContaining('signal: killed'),
      });
    expect(await queued).toEqual({ ok: true, payload: 'well' });
    expect(lines.filter((line) => line.function === 'victim' && line.text === 'tick')).toHaveLength(written);
    expect(await lambda.kill('victim')).toBe(0);
    expect(await lambda.kill('bystander')).toBe(1);
    expect(errorOf(await spared).errorType).toBe('Runtime.ExitError');
    expect(await ask(arn, false)).toBe('well');
  });

  it('gives no answer after it was killed, even one that was on its way', async () => {
    const kills: Promise<number>[] = [];
    const { lambda, define } = newWorld(() => {
      // we look away while the worker answers, so that its answer waits when the kill is ordered
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      kills.push(lambda.kill('tested'));
    });
    const arn = define(`export const handler = async () => { console.log('done'); return 'answer' }`);
    expect(errorOf(await lambda.invoke(arn, {})).errorType).toBe('Runtime.ExitError');
    expect(await Promise.all(kills)).toEqual([1]);
  });

  it('is not used again when it died while idle', async () => {
    const { define, ask, lines } = newWorld();
    const arn = define(
      `let calls = 0; export const handler = async () => { calls += 1; setTimeout(() => { throw new Error('loose end') }, 5); return calls }`,
    );
    expect(await ask(arn)).toBe(1);
    await until(() => lines.length === 1);
    await new Promise((done) => setTimeout(done, 30));
    expect(await ask(arn)).toBe(1);
    expect(lines[0]?.text).toContain('loose end');
  });
});
