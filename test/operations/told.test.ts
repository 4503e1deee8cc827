import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { setStage, type Stage } from '../story/stage.ts';
import { type MeasureFacts, measures } from '../../lib/wire/metrics/measures.ts';
import { embeddedMetrics } from './metrics-of.ts';

describe('the numbers that functions tell', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage({ assembly: inject('assembly') });
    await stage.bank.grant({ id: 'c-1', partner: 'acme', customer: 'k' });
    await stage.bank.grant({ id: 'c-2', partner: 'nobody', customer: 'k' });
    for (const id of ['rt-1', 'rt-2']) {
      const { grant, refreshToken: token } = await stage.authority.mint('acme', 'k');
      const issued = { kind: 'refresh_token', partner: 'acme', consent: 'c-1', grant, token } as const;
      await stage.bank.issue({ id, ...issued });
    }
    await stage.bank.withdraw('c-1');
    if (!(await stage.world.settle())) throw new Error('the world did not come to rest');
    await stage.world.invoke('measure-debts', {});
  });
  afterAll(() => stage.close());

  const told = () => stage.world.logs.flatMap(({ text }) => embeddedMetrics(text));
  const sumOf = (name: string, by: Readonly<Record<string, string>> = {}) =>
    told()
      .filter((point) => point.name === name)
      .filter(({ dimensions }) => Object.entries(by).every(([key, value]) => dimensions[key] === value))
      .reduce((sum, { value }) => sum + value, 0);

  it('count facts: what was taken, refused, fenced, tried, proven dead and sent', () => {
    expect(sumOf('AnnouncementsTaken')).toBe(4);
    expect(sumOf('AnnouncementsRejected', { code: 'partner-unknown' })).toBe(1);
    expect(sumOf('AnnouncementsRejected')).toBe(1);
    expect(sumOf('FencesRaised')).toBe(1);
    expect(sumOf('Attempts', { outcome: 'accepted' })).toBe(2);
    expect(sumOf('Attempts')).toBe(2);
    expect(sumOf('CredentialsProvenDead')).toBe(2);
    expect(sumOf('EventsSent')).toBe(stage.observer.sent.length);
  });

  it('have the stage and at most one more dimension, which is of the table', () => {
    for (const { name, dimensions } of told()) {
      const { by }: MeasureFacts = measures[name as keyof typeof measures];
      expect(Object.keys(dimensions).toSorted()).toEqual(
        [...(by === undefined ? [] : [by]), 'stage'].toSorted(),
      );
    }
    expect(told().length).toBeGreaterThan(10);
  });

  it('name nobody', () => {
    const lines = stage.world.logs.filter(({ text }) => text.includes('"_aws"')).map(({ text }) => text);
    expect(lines.filter((text) => /acme|c-1|rt-|bank/.test(text))).toEqual([]);
  });
});
