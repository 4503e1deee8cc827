import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  type RotateSecretCommandInput,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { RotationEvent } from './world.ts';
import { newWorld, token } from './rig.ts';

const dayMs = 86_400_000;

export const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:rotate';

/** Tells how a step goes wrong; nothing where it goes well. */
type Disturb = (event: RotationEvent, count: number) => 'fails' | 'throws' | 'does nothing' | undefined;

/**
 * A secret `s` of the value `v1`, and a rotation function that works as AWS's template does
 * (aws-secrets-manager-rotation-lambdas, SecretsManagerRotationTemplate), over the same door as everybody. It is ten in the
 * morning, so that no midnight opens a window by chance.
 */
export async function newRotator(disturb: Disturb = () => undefined) {
  const events: RotationEvent[] = [];
  const world = await newWorld(async (_, event) => {
    events.push(event);
    const disturbed = disturb(event, events.length);
    if (disturbed === 'throws') throw new Error('no such function');
    if (disturbed === 'fails') return { ok: false };
    if (disturbed === undefined) await rotate(event);
    return { ok: true };
  });
  const { client, clock, secretsManager } = world;
  await clock.advance(dayMs - (clock.now() % dayMs) + (10 * dayMs) / 24);

  const rotate = async ({ Step, SecretId, ClientRequestToken: VersionId }: RotationEvent): Promise<void> => {
    const { RotationEnabled, VersionIdsToStages = {} } = await describe();
    if (!RotationEnabled) throw new Error('not enabled');
    if (VersionIdsToStages[VersionId]?.includes('AWSCURRENT')) return;
    if (!VersionIdsToStages[VersionId]?.includes('AWSPENDING')) throw new Error('not pending');
    const pending = { SecretId, VersionId, VersionStage: 'AWSPENDING' };
    switch (Step) {
      case 'createSecret':
        return client.send(new GetSecretValueCommand(pending)).then(
          () => {},
          async (error: Error) => {
            if (error.name !== 'ResourceNotFoundException') throw error;
            const value = { SecretString: `value of ${VersionId}`, VersionStages: ['AWSPENDING'] };
            await client.send(
              new PutSecretValueCommand({ SecretId, ClientRequestToken: VersionId, ...value }),
            );
          },
        );
      case 'setSecret':
      case 'testSecret':
        return void (await client.send(new GetSecretValueCommand(pending)));
      case 'finishSecret': {
        const current = Object.entries(VersionIdsToStages).find(([, labels]) =>
          labels.includes('AWSCURRENT'),
        );
        const move = { VersionStage: 'AWSCURRENT', MoveToVersionId: VersionId };
        await client.send(
          new UpdateSecretVersionStageCommand({ SecretId, ...move, RemoveFromVersionId: current?.[0] }),
        );
      }
    }
  };

  secretsManager.createSecret({ name: 's' });
  await client.send(
    new PutSecretValueCommand({ SecretId: 's', SecretString: 'v1', ClientRequestToken: token('v1') }),
  );
  const describe = () => client.send(new DescribeSecretCommand({ SecretId: 's' }));
  return {
    ...world,
    events,
    describe,
    steps: () => events.map(({ Step }) => Step),
    request: (input: Partial<RotateSecretCommandInput> = {}) =>
      client.send(new RotateSecretCommand({ SecretId: 's', RotationLambdaARN: functionArn, ...input })),
    value: async () => (await client.send(new GetSecretValueCommand({ SecretId: 's' }))).SecretString,
    stages: async () => {
      const stages = Object.entries((await describe()).VersionIdsToStages ?? {});
      return Object.fromEntries(stages.map(([id, labels]) => [id.replace(/-+$/, ''), labels.toSorted()]));
    },
    /** Lets time pass, and what is due then. */
    pass: async (ms: number) => {
      await secretsManager.idle();
      await clock.advance(ms);
      await secretsManager.idle();
    },
  };
}

export const allSteps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];
