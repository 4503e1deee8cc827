import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { setStage, type Stage } from '../story/stage.ts';
import type { FunctionName } from '../../lib/wire/environment.ts';

interface Line {
  readonly level: string;
  readonly message: string;
  readonly service: string;
  readonly case?: string;
  readonly function_name?: string;
  readonly function_request_id?: string;
  readonly xray_trace_id?: string;
  readonly cases?: readonly string[];
}

describe('the log', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage({ assembly: inject('assembly') });
  });
  afterAll(() => stage.close());

  /** Lines of prose; numbers for CloudWatch are lines, too, and bear no case: each would be a metric of its own. */
  const linesOf = (name: FunctionName): readonly Line[] =>
    stage.world.logs
      .filter((line) => line.function === stage.world.physicalName(name) && !line.text.includes('"_aws"'))
      .map(({ text }) => JSON.parse(text) as Line);
  const withdrawn = async (id: string) => {
    await stage.bank.grant({ id, partner: 'acme', customer: 'k' });
    const { grant, refreshToken } = await stage.authority.mint('acme', 'k');
    const issued = {
      kind: 'refresh_token',
      partner: 'acme',
      consent: id,
      grant,
      token: refreshToken,
    } as const;
    await stage.bank.issue({ id: `rt-${id}`, ...issued });
    // else the withdrawal may overtake it, and a follow-up case kills it
    await stage.world.settle();
    await stage.bank.withdraw(id);
    expect(await stage.world.settle()).toBe(true);
    return `consent-withdrawn/${id}/1/1`;
  };

  it('names the case in each line of the planner and the worker, and request, function and trace in each of any', async () => {
    const id = await withdrawn('c-1');
    const other = await withdrawn('c-2');
    for (const name of ['plan-case', 'work-obligations'] as const) {
      expect(linesOf(name).filter((line) => line.case === undefined)).toEqual([]);
      expect(new Set(linesOf(name).map((line) => line.case))).toEqual(new Set([id, other]));
    }
    const names = ['plan-case', 'work-obligations', 'operate', 'keep-keys'] as const;
    for (const line of names.flatMap(linesOf))
      expect(line).toMatchObject({
        service: 'rescind',
        function_name: expect.stringMatching(/^Rescind/) as string,
        function_request_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        xray_trace_id: expect.stringMatching(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/) as string,
      });
  });

  it('names it where a transaction was committed and its event was not sent, with no call site that says so', async () => {
    const before = linesOf('take-signal').length;
    const stop = stage.world.gateway.use(async ({ operation, caller }, next) => {
      if (operation === 'PutEvents' && caller.name.includes('take-signal'))
        throw new Error('the bus is away');
      return next();
    });
    const id = await withdrawn('c-3');
    stop();
    const lines = linesOf('take-signal')
      .slice(before)
      .filter(({ message }) => message === 'events not sent: the sweep will send them');
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => line.case === id && line.cases?.includes(id))).toHaveLength(1);
  });

  it('names it where a record failed', async () => {
    const stop = stage.world.gateway.use(async ({ operation, caller }, next) => {
      if (operation === 'Query' && caller.name.includes('plan-case')) throw new Error('the table is away');
      return next();
    });
    const { world } = stage;
    await stage.bank.grant({ id: 'c-4', partner: 'acme', customer: 'k' });
    await stage.bank.withdraw('c-4');
    await world.settle(500);
    stop();
    const failed = linesOf('plan-case').filter(({ level }) => level === 'ERROR');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.map((line) => line.case)).toEqual(failed.map(() => 'consent-withdrawn/c-4/1/1'));
  });
});
