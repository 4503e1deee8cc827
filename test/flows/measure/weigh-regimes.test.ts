import { describe, expect, it } from 'vitest';
import { weighRegimes } from '../../../lib/flows/measure/weigh-regimes.ts';

const now = Date.parse('2026-01-31T12:00:00Z');
const targets = {
  default: { effectSeconds: 60, completeMinutes: 60 },
  cdr: { effectSeconds: 30, completeMinutes: 15 },
};
const openFor = (minutes: number, regime?: string) => ({
  case: { effectAt: new Date(now - minutes * 60_000).toISOString() },
  regime,
});
const weigh = (...open: ReturnType<typeof openFor>[]) => {
  const { weights, assumed } = weighRegimes(open, targets, now);
  return { ...Object.fromEntries(weights), assumed };
};

describe('weighRegimes', () => {
  it('returns a weight for each regime of the setting, also if no case is open', () => {
    expect(weigh()).toEqual({
      default: { oldestSeconds: 0, overTarget: 0 },
      cdr: { oldestSeconds: 0, overTarget: 0 },
      assumed: 0,
    });
  });

  it('compares each case with the target of its own regime', () => {
    expect(weigh(openFor(20, 'default'), openFor(20, 'cdr'), openFor(16, 'cdr'), openFor(14, 'cdr'))).toEqual(
      {
        default: { oldestSeconds: 1200, overTarget: 0 },
        cdr: { oldestSeconds: 1200, overTarget: 2 },
        assumed: 0,
      },
    );
  });

  it('counts a case as over its target after the last second of the target, and not within it', () => {
    expect(weigh(openFor(15, 'cdr'))).toMatchObject({ cdr: { overTarget: 0 } });
    expect(weigh(openFor(15 + 1 / 60, 'cdr'))).toMatchObject({ cdr: { overTarget: 1 } });
  });

  it.each([undefined, 'psd9', 'constructor'])(
    'counts a case of regime %s under the strictest regime, and counts it as assumed',
    (regime) => {
      expect(weigh(openFor(16, regime))).toEqual({
        default: { oldestSeconds: 0, overTarget: 0 },
        cdr: { oldestSeconds: 960, overTarget: 1 },
        assumed: 1,
      });
    },
  );

  it('treats a case from the future as just opened: clocks differ', () => {
    expect(weigh(openFor(-1, 'cdr'))).toMatchObject({ cdr: { oldestSeconds: 0, overTarget: 0 } });
  });
});
