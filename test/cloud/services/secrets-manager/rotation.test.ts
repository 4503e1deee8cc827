import {
  DeleteSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { allSteps, functionArn, newRotator } from './rotator.ts';
import { newWorld, token } from './rig.ts';

const minuteMs = 60_000;

/** Longer than all retries together. */
const forGood = 60 * minuteMs;

describe('RotateSecret', () => {
  it('answers first, then runs the four steps in order, each with the same token', async () => {
    const { describe, events, request, secretsManager, stages, steps, value } = await newRotator();
    const answer = await request({ ClientRequestToken: token('v2') });
    expect(answer).toMatchObject({ Name: 's', VersionId: token('v2') });
    await secretsManager.idle();
    expect(steps()).toEqual(allSteps);
    for (const event of events)
      expect(event).toMatchObject({ SecretId: answer.ARN, ClientRequestToken: token('v2') });
    expect(await stages()).toEqual({ v1: ['AWSPREVIOUS'], v2: ['AWSCURRENT', 'AWSPENDING'] });
    expect(await value()).toBe(`value of ${token('v2')}`);
    expect(await describe()).toMatchObject({ RotationEnabled: true, RotationLambdaARN: functionArn });
  });

  it('begins with an empty version that is pending: it is listed, and has no value to read', async () => {
    const { client, request, secretsManager, stages } = await newRotator(() => 'fails');
    await request({ ClientRequestToken: token('v2') });
    await secretsManager.idle();
    expect(await stages()).toEqual({ v1: ['AWSCURRENT'], v2: ['AWSPENDING'] });
    const { Versions = [] } = await client.send(new ListSecretVersionIdsCommand({ SecretId: 's' }));
    expect(Versions.map(({ VersionId }) => VersionId)).toEqual([token('v1'), token('v2')]);
    for (const which of [{ VersionId: token('v2') }, { VersionStage: 'AWSPENDING' }])
      await expect(client.send(new GetSecretValueCommand({ SecretId: 's', ...which }))).rejects.toMatchObject(
        { name: 'ResourceNotFoundException' },
      );
  });

  it('remembers how to rotate, and rotates again where AWSPENDING is left on the current version', async () => {
    const { client, secretsManager, request, stages } = await newRotator();
    await request({ ClientRequestToken: token('v2') });
    await secretsManager.idle();
    await client.send(new RotateSecretCommand({ SecretId: 's', ClientRequestToken: token('v3') }));
    await secretsManager.idle();
    expect(await stages()).toEqual({ v2: ['AWSPREVIOUS'], v3: ['AWSCURRENT', 'AWSPENDING'] });
  });

  it('starts nothing for a token that it has seen', async () => {
    const { request, secretsManager, steps } = await newRotator();
    const rotate = () => request({ ClientRequestToken: token('v2') });
    const answers = await Promise.all([rotate(), rotate()]);
    await secretsManager.idle();
    answers.push(await rotate());
    await secretsManager.idle();
    expect(new Set(answers.map(({ VersionId }) => VersionId))).toEqual(new Set([token('v2')]));
    expect(steps()).toEqual(allSteps);
  });

  it('rotates a secret that had no value yet: its first value is the current one', async () => {
    const { client, request, secretsManager } = await newRotator();
    secretsManager.createSecret({ name: 'empty' });
    await request({ SecretId: 'empty', ClientRequestToken: token('v2') });
    await secretsManager.idle();
    await client.send(
      new PutSecretValueCommand({
        SecretId: 'empty',
        SecretString: 'first',
        ClientRequestToken: token('v2'),
        VersionStages: ['mine'],
      }),
    );
    const read = await client.send(new GetSecretValueCommand({ SecretId: 'empty' }));
    expect(read).toMatchObject({ SecretString: 'first', VersionId: token('v2') });
    expect(read.VersionStages?.toSorted()).toEqual(['AWSCURRENT', 'AWSPENDING', 'mine']);
  });

  it('refuses while another rotation is not complete, and goes on with that one', async () => {
    const { request, pass, stages, steps, value } = await newRotator((_, count) =>
      count <= 5 ? 'fails' : undefined,
    );
    await request({ ClientRequestToken: token('v2') });
    await pass(forGood);
    expect(steps()).toEqual(Array.from({ length: 5 }, () => 'createSecret'));
    await expect(request({ ClientRequestToken: token('v3') })).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: "A previous rotation isn't complete. That rotation will be reattempted.",
    });
    await pass(0);
    expect(steps().slice(5)).toEqual(allSteps);
    expect(await stages()).toEqual({ v1: ['AWSPREVIOUS'], v2: ['AWSCURRENT', 'AWSPENDING'] });
    expect(await value()).toBe(`value of ${token('v2')}`);
  });

  it('refuses where somebody put a pending version by hand, and leaves that alone', async () => {
    const { client, events, request, secretsManager, stages } = await newRotator();
    const put = { SecretId: 's', SecretString: 'mine', ClientRequestToken: token('hand') };
    await client.send(new PutSecretValueCommand({ ...put, VersionStages: ['AWSPENDING'] }));
    await expect(request()).rejects.toMatchObject({ name: 'InvalidRequestException' });
    await secretsManager.idle();
    expect(events).toEqual([]);
    expect(await stages()).toEqual({ v1: ['AWSCURRENT'], hand: ['AWSPENDING'] });
  });

  it.each([
    ['without a function', { RotationLambdaARN: undefined }, 'InvalidRequestException'],
    ['a secret that is not there', { SecretId: 'nobody' }, 'ResourceNotFoundException'],
    ['with two schedules', { RotationRules: both() }, 'InvalidParameterException'],
    ['each minute', { RotationRules: { ScheduleExpression: 'rate(1 minute)' } }, 'InvalidParameterException'],
    ['each hour', { RotationRules: { ScheduleExpression: 'rate(1 hour)' } }, 'InvalidParameterException'],
    ['by nonsense', { RotationRules: { ScheduleExpression: 'cron(now)' } }, 'InvalidParameterException'],
    ['with a short token', { ClientRequestToken: 'short' }, 'InvalidParameterException'],
  ])('refuses to rotate %s, and turns nothing on', async (_, input, name) => {
    const { describe, events, request, secretsManager } = await newRotator();
    await expect(request(input)).rejects.toMatchObject({ name });
    await secretsManager.idle();
    expect(events).toEqual([]);
    expect(await describe()).not.toHaveProperty('RotationEnabled');
  });

  it('is refused where nothing can be invoked', async () => {
    const { client, secretsManager } = await newWorld();
    secretsManager.createSecret({ name: 's', value: 'v1' });
    await expect(
      client.send(new RotateSecretCommand({ SecretId: 's', RotationLambdaARN: functionArn })),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('a rotation that fails', () => {
  it.each(allSteps.flatMap((step) => [[step, 'fails'] as const, [step, 'throws'] as const]))(
    'in %s, which %s, begins again with the first step one minute later',
    async (step, how) => {
      let failures = 0;
      const { pass, request, steps, value } = await newRotator(({ Step }) =>
        Step === step && (failures += 1) === 1 ? how : undefined,
      );
      await request({ ClientRequestToken: token('v2') });
      await pass(minuteMs - 5_000);
      const failed = allSteps.slice(0, allSteps.indexOf(step) + 1);
      expect(steps()).toEqual(failed);
      expect(await value()).toBe('v1');
      await pass(5_000);
      expect(steps()).toEqual([...failed, ...allSteps]);
      expect(await value()).toBe(`value of ${token('v2')}`);
    },
  );

  it('is tried five times, then left as it is, pending', async () => {
    const { describe, pass, request, stages, steps, value } = await newRotator(({ Step }) =>
      Step === 'testSecret' ? 'fails' : undefined,
    );
    await request({ ClientRequestToken: token('v2') });
    await pass(forGood);
    await pass(24 * forGood);
    expect(steps().filter((step) => step === 'createSecret')).toHaveLength(5);
    expect(steps()).not.toContain('finishSecret');
    expect(await stages()).toEqual({ v1: ['AWSCURRENT'], v2: ['AWSPENDING'] });
    expect(await value()).toBe('v1');
    expect(await describe()).not.toHaveProperty('LastRotatedDate');
  });

  it('is one whose function says yes to the last step and moved nothing', async () => {
    const { describe, request, secretsManager } = await newRotator(({ Step }) =>
      Step === 'finishSecret' ? 'does nothing' : undefined,
    );
    await request();
    await secretsManager.idle();
    expect(await describe()).not.toHaveProperty('LastRotatedDate');
  });

  it('is not gone on with once the secret is deleted', async () => {
    const { client, pass, request, steps } = await newRotator(() => 'fails');
    await request();
    await pass(0);
    await client.send(new DeleteSecretCommand({ SecretId: 's' }));
    await pass(forGood);
    expect(steps()).toEqual(['createSecret']);
  });

  it('gives way to a new one once its pending label is taken away', async () => {
    const { client, pass, request, stages, steps } = await newRotator((_, count) =>
      count === 1 ? 'fails' : undefined,
    );
    await request({ ClientRequestToken: token('v2') });
    await pass(0);
    await client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: 's',
        VersionStage: 'AWSPENDING',
        RemoveFromVersionId: token('v2'),
      }),
    );
    await request({ ClientRequestToken: token('v3') });
    await pass(forGood);
    expect(steps()).toEqual(['createSecret', ...allSteps]);
    expect(await stages()).toEqual({ v1: ['AWSPREVIOUS'], v3: ['AWSCURRENT', 'AWSPENDING'] });
  });
});

function both() {
  return { AutomaticallyAfterDays: 1, ScheduleExpression: 'rate(1 day)' };
}
