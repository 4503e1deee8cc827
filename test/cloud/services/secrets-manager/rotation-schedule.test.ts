import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextWindow } from './rotation-window.ts';
import { allSteps, functionArn, newRotator } from './rotator.ts';
import { newWorld, token } from './rig.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const weekly = { RotationRules: { AutomaticallyAfterDays: 7 } };

/** Seven days later, at the end of the day. */
const inAWeek = (now: number) => new Date((Math.floor(now / dayMs) + 8) * dayMs);

describe('RotateImmediately: false', () => {
  it('runs testSecret alone, on a pending version with the current value, and removes that version', async () => {
    const seen: unknown[] = [];
    const { client, secretsManager } = await newWorld(async (_, { Step, SecretId }) => {
      const pending = { SecretId, VersionStage: 'AWSPENDING' };
      const { SecretString, VersionId } = await client.send(new GetSecretValueCommand(pending));
      seen.push({ Step, SecretString, VersionId });
      return { ok: true };
    });
    secretsManager.createSecret({ name: 's', value: 'v1' });
    const request = { RotationLambdaARN: functionArn, RotateImmediately: false };
    await client.send(
      new RotateSecretCommand({ SecretId: 's', ...request, ClientRequestToken: token('test') }),
    );
    await secretsManager.idle();
    expect(seen).toEqual([{ Step: 'testSecret', SecretString: 'v1', VersionId: token('test') }]);
    const { Versions = [] } = await client.send(
      new ListSecretVersionIdsCommand({ SecretId: 's', IncludeDeprecated: true }),
    );
    expect(Versions.map(({ VersionStages }) => VersionStages)).toEqual([['AWSCURRENT']]);
    const described = await client.send(new DescribeSecretCommand({ SecretId: 's' }));
    expect(described.RotationEnabled).toBe(true);
    expect(described).not.toHaveProperty('LastRotatedDate');
  });

  it('removes the version of a test that failed too, tests once, and holds up no later rotation', async () => {
    const { pass, request, secretsManager, stages, steps } = await newRotator((_, count) =>
      count === 1 ? 'fails' : undefined,
    );
    await request({ RotateImmediately: false });
    await pass(hourMs);
    expect(steps()).toEqual(['testSecret']);
    expect(await stages()).toEqual({ v1: ['AWSCURRENT'] });
    await request({ ClientRequestToken: token('v2') });
    await secretsManager.idle();
    expect(await stages()).toEqual({ v1: ['AWSPREVIOUS'], v2: ['AWSCURRENT', 'AWSPENDING'] });
  });
});

describe('a schedule', () => {
  it('rotates when its window opens, and says by when', async () => {
    const { clock, describe, pass, request, steps, value } = await newRotator();
    const before = await describe();
    expect(before).not.toHaveProperty('NextRotationDate');
    await request({ ...weekly, RotateImmediately: false });
    expect((await describe()).NextRotationDate).toEqual(inAWeek(clock.now()));
    await pass(5 * dayMs);
    expect(steps()).toEqual(['testSecret']);
    await pass(2 * dayMs);
    expect(steps().slice(1)).toEqual(allSteps);
    expect(await value()).not.toBe('v1');
    const { LastRotatedDate, NextRotationDate } = await describe();
    // as soon as the window opened, at midnight
    const rotatedAt = Number(LastRotatedDate);
    expect(rotatedAt % dayMs).toBeLessThan(hourMs);
    expect(NextRotationDate).toEqual(inAWeek(rotatedAt));
    await pass(7 * dayMs);
    expect(steps().slice(5)).toEqual(allSteps);
  });

  it('counts from a rotation by hand, and from a value put by hand', async () => {
    const { client, clock, describe, pass, request, steps } = await newRotator();
    await request({ ...weekly, RotateImmediately: false });
    await pass(3 * dayMs);
    await request({ RotationLambdaARN: undefined });
    await pass(0);
    expect((await describe()).NextRotationDate).toEqual(inAWeek(clock.now()));
    await pass(3 * dayMs);
    await client.send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'by hand' }));
    expect((await describe()).NextRotationDate).toEqual(inAWeek(clock.now()));
    await pass(6 * dayMs);
    expect(steps()).toEqual(['testSecret', ...allSteps]);
    await pass(dayMs);
    expect(steps()).toEqual(['testSecret', ...allSteps, ...allSteps]);
  });

  it('goes on in each next window with a rotation that failed, and shows a date in the past until then', async () => {
    const { clock, describe, pass, request, stages, steps } = await newRotator((_, count) =>
      count <= 10 ? 'fails' : undefined,
    );
    const RotationRules = { ScheduleExpression: 'rate(1 day)', Duration: '3h' };
    await request({ RotationRules, ClientRequestToken: token('v2') });
    await pass(hourMs);
    expect(steps()).toHaveLength(5);
    await pass(dayMs);
    expect(steps()).toHaveLength(10);
    await pass(13 * hourMs - 1_000);
    expect(Number((await describe()).NextRotationDate)).toBeLessThan(clock.now());
    await pass(1_000);
    expect(steps()).toEqual([...Array.from({ length: 10 }, () => 'createSecret'), ...allSteps]);
    expect(await stages()).toEqual({ v1: ['AWSPREVIOUS'], v2: ['AWSCURRENT', 'AWSPENDING'] });
    expect(Number((await describe()).NextRotationDate)).toBeGreaterThan(clock.now());
  });

  it('is turned on as CloudFormation would, without a request', async () => {
    const { pass, secretsManager, steps } = await newRotator();
    const rules = { ScheduleExpression: 'rate(4 hours)' };
    secretsManager.rotateSecret({ secretId: 's', functionArn, rules, immediately: false });
    await pass(0);
    await pass(4 * hourMs);
    expect(steps()).toEqual(['testSecret', ...allSteps]);
    expect(() => secretsManager.rotateSecret({ secretId: 'nobody', functionArn })).toThrow("can't find");
  });
});

describe('nextWindow', () => {
  const at = (iso: string) => Date.parse(iso);
  const from = at('2026-11-24T10:11:12Z');

  it.each([
    [{ AutomaticallyAfterDays: 30 }, '2026-12-24T00:00:00Z', '2026-12-25T00:00:00Z'],
    [{ ScheduleExpression: 'rate(1 day)' }, '2026-11-25T00:00:00Z', '2026-11-26T00:00:00Z'],
    [{ ScheduleExpression: 'rate(10 days)', Duration: '3h' }, '2026-12-04T00:00:00Z', '2026-12-04T03:00:00Z'],
    [{ ScheduleExpression: 'rate(6 hours)' }, '2026-11-24T12:00:00Z', '2026-11-24T13:00:00Z'],
    [{ ScheduleExpression: 'cron(0 16 ? * 6 *)' }, '2026-11-27T16:00:00Z', '2026-11-28T00:00:00Z'],
    [{ ScheduleExpression: 'cron(0 8/8 * * ? *)' }, '2026-11-24T16:00:00Z', '2026-11-24T17:00:00Z'],
    [
      { ScheduleExpression: 'cron(0 22 1 * ? *)', Duration: '9h' },
      '2026-12-01T22:00:00Z',
      '2026-12-02T00:00:00Z',
    ],
  ])('of %j opens at %s and closes at %s', (rules, opens, closes) => {
    expect(nextWindow(rules, from)).toEqual({ opensAt: at(opens), closesAt: at(closes) });
  });

  it('is none without a schedule', () => {
    expect(nextWindow(undefined, from)).toBeUndefined();
    expect(nextWindow({}, from)).toBeUndefined();
  });

  it('opens after it is asked for, closes after it opens and on the same day', () => {
    const rules = fc.oneof(
      fc.record({ AutomaticallyAfterDays: fc.integer({ min: 1, max: 1000 }) }),
      fc.integer({ min: 4, max: 999 }).map((hours) => ({ ScheduleExpression: `rate(${hours} hours)` })),
    );
    fc.assert(
      fc.property(rules, fc.integer({ min: 0, max: at('2100-01-01T00:00:00Z') }), (schedule, now) => {
        const { opensAt, closesAt } = nextWindow(schedule, now) ?? { opensAt: 0, closesAt: 0 };
        expect(opensAt).toBeGreaterThan(now);
        expect(closesAt).toBeGreaterThan(opensAt);
        expect(Math.floor((closesAt - 1) / dayMs)).toBe(Math.floor(opensAt / dayMs));
      }),
    );
  });
});
