import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TemplateResource } from '../stack/unbundled.ts';
import { unbundledApp } from '../stack/unbundled.ts';
import { blocks } from './blocks.ts';
import { concurrencyOf } from './concurrency.ts';
import { stackResources } from './resources.ts';

const resources = stackResources();
const smallLimits = { limits: { signalsAtOnce: 2, plansAtOnce: 2, obligationsAtOnce: 2 } };
const withLimits = (context: Record<string, unknown>) =>
  unbundledApp(context).synth().getStackByName('Rescind').template as {
    readonly Resources: Readonly<Record<string, TemplateResource>>;
  };

describe('how many functions have to run at once', () => {
  it('is what drains may have, and what the other functions need', () => {
    const functions = Object.values(resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    // three are drained, two may run five times at once
    expect(concurrencyOf(resources)).toEqual({
      reserved: 0,
      drained: 50 + 20 + 50,
      others: 2 * 5 + functions.length - 3 - 2,
      needed: 120 + 10 + functions.length - 5,
    });
  });

  it('is never less than what Lambda keeps from being reserved', () => {
    expect(concurrencyOf(withLimits(smallLimits).Resources)).toMatchObject({ drained: 6, needed: 100 });
  });

  it('is more by what a function of the template reserves', () => {
    const reserving = Object.fromEntries(
      Object.entries(resources).map(([id, one]) => [
        id,
        one.Type === 'AWS::Lambda::Function' && id.startsWith('Operate')
          ? { ...one, Properties: { ...one.Properties, ReservedConcurrentExecutions: 30 } }
          : one,
      ]),
    );
    expect(concurrencyOf(reserving).needed).toBe(concurrencyOf(resources).needed + 30);
  });

  it('is more than a new account has, which DEPLOY.md says before the first deploy, with the command that reads it', () => {
    const { needed } = concurrencyOf(resources);
    expect(needed).toBeGreaterThan(10);
    const page = readFileSync('lib/stack/DEPLOY.md', 'utf8');
    const before = page.slice(0, page.indexOf('## Deploy in five steps'));
    expect(before).toContain('aws lambda get-account-settings --query');
    expect(before).toContain(`**${needed}**`);
    expect(blocks['concurrency']?.(resources)).toContain(`**${needed}**`);
  });
});
