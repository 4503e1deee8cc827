import { CancelRotateSecretCommand, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { functionArn, newRotator } from './rotator.ts';
import { newWorld, token } from './rig.ts';

const dayMs = 86_400_000;

describe('CancelRotateSecret', () => {
  it('turns rotation off and ends the one that failed: its version keeps its label', async () => {
    const { client, describe, pass, request, steps } = await newRotator(() => 'fails');
    await request({ ClientRequestToken: token('v2'), RotationRules: { AutomaticallyAfterDays: 1 } });
    await pass(0);
    const cancelled = await client.send(new CancelRotateSecretCommand({ SecretId: 's' }));
    expect(cancelled).toMatchObject({ Name: 's', VersionId: token('v2') });
    await pass(3 * dayMs);
    expect(steps()).toEqual(['createSecret']);
    const described = await describe();
    expect(described).toMatchObject({
      RotationEnabled: false,
      RotationLambdaARN: functionArn,
      RotationRules: { AutomaticallyAfterDays: 1 },
      VersionIdsToStages: { [token('v2')]: ['AWSPENDING'] },
    });
    expect(described).not.toHaveProperty('NextRotationDate');
  });

  it('leaves it off, also for a request that is refused because of what was left', async () => {
    const { client, describe, pass, request, steps } = await newRotator(() => 'fails');
    await request({ ClientRequestToken: token('v2') });
    await pass(0);
    await client.send(new CancelRotateSecretCommand({ SecretId: 's' }));
    await expect(request({ ClientRequestToken: token('v3') })).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
    await pass(dayMs);
    expect(steps()).toEqual(['createSecret']);
    expect((await describe()).RotationEnabled).toBe(false);
  });

  it('lets the step that runs end, and no other begin', async () => {
    const steps: string[] = [];
    let finish = () => {};
    const { client, secretsManager } = await newWorld(async (_, { Step }) => {
      steps.push(Step);
      await new Promise<void>((done) => (finish = done));
      return { ok: true };
    });
    secretsManager.createSecret({ name: 's', value: 'v1' });
    // answers while the function runs
    await client.send(new RotateSecretCommand({ SecretId: 's', RotationLambdaARN: functionArn }));
    while (steps.length === 0) await new Promise((turn) => setImmediate(turn));
    await client.send(new CancelRotateSecretCommand({ SecretId: 's' }));
    finish();
    await secretsManager.idle();
    expect(steps).toEqual(['createSecret']);
  });

  it('is refused for a secret that was never rotated', async () => {
    const { client } = await newRotator();
    await expect(client.send(new CancelRotateSecretCommand({ SecretId: 's' }))).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
  });
});
