import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { environmentOf } from '../../../lib/wire/environment.ts';
import { measures } from '../../../lib/wire/metrics/measures.ts';
import { resourceAt, unbundledApp } from '../unbundled.ts';
import { textOf } from './alarms.ts';

const targets = {
  default: { effectSeconds: 60, completeMinutes: 60 },
  cdr: { effectSeconds: 30, completeMinutes: 15 },
};
const template = Template.fromStack(unbundledApp({ targets, stage: 'prod' }).stack);
const { Properties } = resourceAt(template, 'AWS::CloudWatch::Dashboard', 'Operations');

interface Widget {
  readonly y: number;
  readonly x: number;
  readonly width: number;
  readonly properties: {
    readonly title: string;
    readonly metrics: readonly (readonly unknown[])[];
    readonly annotations?: { readonly horizontal: readonly { readonly value: number }[] };
  };
}
const { widgets } = JSON.parse(textOf(Properties['DashboardBody'])) as { widgets: readonly Widget[] };
const titled = (title: string) =>
  widgets.find(({ properties }) => properties.title.startsWith(title))?.properties;

describe('the dashboard', () => {
  // an account has one set of dashboards for all regions
  it('bears the name of the stack, the region and the stage', () => {
    expect(Properties['DashboardName']).toEqual({
      'Fn::Join': ['', ['Rescind-', { Ref: 'AWS::Region' }, '-prod']],
    });
  });

  it('begins with whether anything is alive that should be dead', () => {
    expect(widgets.filter(({ y }) => y === 0).map(({ properties }) => properties.title)).toEqual([
      'Alive that should be dead',
      'Over target, and counted',
      'Oldest open case by regime, in seconds',
      'Alive, and overdue',
    ]);
  });

  it('draws the target of each regime as a line', () => {
    const { metrics = [], annotations } = titled('Oldest open case') ?? {};
    expect(metrics.map(([, , ...dimensions]) => dimensions.slice(0, 4))).toEqual([
      ['regime', 'default', 'stage', 'prod'],
      ['regime', 'cdr', 'stage', 'prod'],
    ]);
    expect(annotations?.horizontal.map(({ value }) => value)).toEqual([3600, 900]);
  });

  it('shows every function and every queue', () => {
    const names = Object.keys(environmentOf).length;
    expect(
      ['errors', 'throttles', 'duration'].map((what) => titled(`Functions: ${what}`)?.metrics.length),
    ).toEqual([names, names, names]);
    expect(titled('Queues: messages')?.metrics).toHaveLength(7);
  });

  it('shows every number that our functions tell', () => {
    const shown = JSON.stringify(widgets);
    expect(Object.keys(measures).filter((name) => !new RegExp(`\\b${name}\\b`).test(shown))).toEqual([]);
  });

  it('has no row wider than a screen', () => {
    expect(widgets.filter(({ x, width }) => x + width > 24)).toEqual([]);
  });
});
