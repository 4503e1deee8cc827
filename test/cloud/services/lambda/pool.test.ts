import { describe, expect, it } from 'vitest';
import { errorOf, newWorld, until, writeCode } from './rig.ts';

describe('the workers of one function', () => {
  const meet = `
    let served = 0, inside = 0;
    export const handler = async () => {
      inside += 1; served += 1;
      await new Promise((done) => setTimeout(done, 60));
      const together = inside; inside -= 1;
      return { served, together };
    }`;

  it('take one event at a time, and are used again', async () => {
    const { lambda, define, ask } = newWorld();
    const arn = define(meet, { concurrency: 1 });
    let most = 0;
    let running = 0;
    const answers = await Promise.all(
      [1, 2, 3].map(async () => {
        most = Math.max(most, (running += 1));
        const answer = await ask(arn);
        running -= 1;
        return answer;
      }),
    );
    expect(most).toBe(3);
    expect(answers).toEqual([1, 2, 3].map((served) => ({ served, together: 1 })));
    expect(await lambda.kill('tested')).toBe(0);
  });

  it('are at most as many as the function allows', async () => {
    const { lambda, define, ask, lines } = newWorld();
    const arn = define(`console.log('loaded');${meet}`, { concurrency: 2 });
    const answers = Promise.all([1, 2, 3, 4, 5].map(() => ask(arn)));
    await until(() => lines.length === 2);
    expect((await answers).map((answer) => (answer as { together: number }).together)).toEqual([
      1, 1, 1, 1, 1,
    ]);
    expect(lines.map(({ text }) => text)).toEqual(['loaded', 'loaded']);
    expect(await lambda.kill('tested')).toBe(0);
  });

  it('meet new code after it was replaced, and end what they began with the old', async () => {
    const { lambda, define, ask, lines } = newWorld();
    const arn = define(
      `export const handler = async () => { console.log('in'); await new Promise((done) => setTimeout(done, 30)); return 'old' }`,
    );
    const before = ask(arn);
    await until(() => lines.length === 1);
    lambda.replaceCode(arn, writeCode(`export const handler = async () => 'new'`));
    expect(await ask(arn)).toBe('new');
    expect(await before).toBe('old');
    expect(await ask(arn)).toBe('new');
  });

  it('are told to whoever listens, with times of the world clock', async () => {
    const { clock, lambda, define, ask } = newWorld();
    await clock.advance(86_400_000);
    const arn = define(`export const handler = async (event) => event.id`);
    const records: unknown[] = [];
    const stop = lambda.onInvocation((record) => records.push(record));
    await ask(arn, { id: 7 });
    stop();
    await ask(arn, { id: 8 });
    expect(records).toEqual([
      {
        function: 'tested',
        requestId: expect.any(String),
        payload: { id: 7 },
        outcome: { ok: true, payload: 7 },
        startedAt: expect.closeTo(clock.now(), -4),
        endedAt: expect.closeTo(clock.now(), -4),
      },
    ]);
  });

  it('end when Lambda closes, and what ran or waited ends with them', async () => {
    const { lambda, define, lines } = newWorld();
    const arn = define(`export const handler = () => { console.log('in'); return new Promise(() => {}) }`, {
      concurrency: 1,
    });
    const outcomes = [lambda.invoke(arn, 1), lambda.invoke(arn, 2)];
    await until(() => lines.length === 1);
    await lambda.close();
    for (const outcome of await Promise.all(outcomes))
      expect(errorOf(outcome).errorType).toBe('Runtime.ExitError');
    await expect(lambda.invoke(arn, 3)).rejects.toThrow('Function not found');
  });
});
