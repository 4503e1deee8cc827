import { describe, expect, it } from 'vitest';
import { type CostRow, dollarsOf, idleCost, idleHour } from './idle-cost.ts';

const lambda = { Type: 'AWS::Lambda::Function', Properties: { MemorySize: 1024 } };
const alarm = (Properties: object = {}) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: { ...Properties },
});
const rowOf = (rows: readonly CostRow[], name: string) => rows.find(({ what }) => what === name)?.count;

describe('idleCost', () => {
  it('takes counts from the template', () => {
    const rows = idleCost([lambda, { Type: 'AWS::KMS::Key' }, { Type: 'AWS::KMS::Key' }], idleHour);
    expect(rowOf(rows, 'keys')).toBe(2);
    expect(rowOf(rows, 'secrets')).toBe(0);
  });

  it('bills an alarm over an expression for each metric in it', () => {
    const math = alarm({ Metrics: [{ Expression: 'a + b' }, { MetricStat: {} }, { MetricStat: {} }] });
    expect(rowOf(idleCost([lambda, alarm(), math], idleHour), 'metrics in alarms')).toBe(3);
  });

  it('makes a month of an hour, by the memory of the functions', () => {
    const rows = idleCost([lambda], { ...idleHour, invocations: 100 });
    expect(rowOf(rows, 'invocations')).toBe(73_000);
    expect(rowOf(rows, 'GB-seconds')).toBe(7_300);
  });

  it('polls for each mapping, whether anything comes or not', () => {
    const mapping = { Type: 'AWS::Lambda::EventSourceMapping' };
    const polls = (count: number) =>
      rowOf(
        idleCost([lambda, ...Array.from({ length: count }, () => mapping)], idleHour),
        'receives from queues',
      ) ?? 0;
    expect(polls(2) - polls(1)).toBe(657_000);
  });

  it('prices by the thousand or million where AWS does', () => {
    const row = { what: '', from: '', page: '', count: 500_000, price: 0.4, per: 1_000_000 };
    expect(dollarsOf(row)).toBeCloseTo(0.2);
  });
});
