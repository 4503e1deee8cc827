import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holderOf, moveLabel, type Secret } from './secret.ts';
import { newWorld, token } from './rig.ts';

async function withVersions(...versions: readonly (readonly [name: string, ...labels: string[]])[]) {
  const world = await newWorld();
  world.secretsManager.createSecret({ name: 's' });
  for (const [name, ...labels] of versions)
    await world.client.send(
      new PutSecretValueCommand({
        SecretId: 's',
        SecretString: name,
        ClientRequestToken: token(name),
        ...(labels.length === 0 ? {} : { VersionStages: labels }),
      }),
    );
  return world.client;
}

const request = ({ label, to, from }: { label: string; to?: string; from?: string }) =>
  new UpdateSecretVersionStageCommand({
    SecretId: 's',
    VersionStage: label,
    ...(to === undefined ? {} : { MoveToVersionId: token(to) }),
    ...(from === undefined ? {} : { RemoveFromVersionId: token(from) }),
  });

const move = (client: SecretsManagerClient, label: string, to: string, from?: string) =>
  client.send(request({ label, to, ...(from === undefined ? {} : { from }) }));

const stages = async (client: SecretsManagerClient) => {
  const described = await client.send(new DescribeSecretCommand({ SecretId: 's' }));
  return Object.fromEntries(
    Object.entries(described.VersionIdsToStages ?? {}).map(([id, labels]) => [
      id.replace(/-+$/, ''),
      labels.toSorted(),
    ]),
  );
};

describe('UpdateSecretVersionStage', () => {
  it('finishes a rotation: current moves, previous follows, pending stays until it is removed', async () => {
    const client = await withVersions(['v1'], ['v2'], ['v3', 'AWSPENDING']);
    await move(client, 'AWSCURRENT', 'v3', 'v2');
    expect(await stages(client)).toEqual({ v2: ['AWSPREVIOUS'], v3: ['AWSCURRENT', 'AWSPENDING'] });
    await client.send(request({ label: 'AWSPENDING', from: 'v3' }));
    expect(await stages(client)).toEqual({ v2: ['AWSPREVIOUS'], v3: ['AWSCURRENT'] });
  });

  it('rolls back to the previous version', async () => {
    const client = await withVersions(['v1'], ['v2']);
    await move(client, 'AWSCURRENT', 'v1', 'v2');
    expect(await stages(client)).toEqual({ v1: ['AWSCURRENT'], v2: ['AWSPREVIOUS'] });
  });

  it('adds a label that is nowhere yet, without a version to remove it from', async () => {
    const client = await withVersions(['v1']);
    await move(client, 'blessed', 'v1');
    expect(await stages(client)).toEqual({ v1: ['AWSCURRENT', 'blessed'] });
  });

  it('changes nothing where the label is there already', async () => {
    const client = await withVersions(['v1'], ['v2']);
    await move(client, 'AWSCURRENT', 'v2');
    await move(client, 'AWSCURRENT', 'v2', 'v2');
    expect(await stages(client)).toEqual({ v1: ['AWSPREVIOUS'], v2: ['AWSCURRENT'] });
  });

  it('refuses to move a label without the version that has it', async () => {
    const client = await withVersions(['v1'], ['v2', 'AWSPENDING']);
    await expect(move(client, 'AWSCURRENT', 'v2')).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message:
        `The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version ` +
        `${token('v1')}, so you must explicitly reference that version in RemoveFromVersionId.`,
    });
    expect(await stages(client)).toEqual({ v1: ['AWSCURRENT'], v2: ['AWSPENDING'] });
  });

  it.each<readonly [string, Parameters<typeof request>[0], string]>([
    [
      'from a version without the label',
      { label: 'AWSCURRENT', to: 'v3', from: 'v1' },
      'InvalidParameterException',
    ],
    ['a label off a version without it', { label: 'AWSPENDING', from: 'v1' }, 'InvalidParameterException'],
    ['to an unknown version', { label: 'AWSCURRENT', to: 'v9', from: 'v2' }, 'ResourceNotFoundException'],
    ['from an unknown version', { label: 'AWSCURRENT', to: 'v3', from: 'v9' }, 'ResourceNotFoundException'],
    ['current away to nowhere', { label: 'AWSCURRENT', from: 'v2' }, 'InvalidParameterException'],
    ['nothing', { label: 'AWSCURRENT' }, 'InvalidParameterException'],
  ])('refuses to move %s, and changes nothing', async (_, refused, name) => {
    const client = await withVersions(['v1'], ['v2'], ['v3', 'AWSPENDING']);
    await expect(client.send(request(refused))).rejects.toMatchObject({ name });
    expect(await stages(client)).toEqual({ v1: ['AWSPREVIOUS'], v2: ['AWSCURRENT'], v3: ['AWSPENDING'] });
  });

  it('lets the first of two movers win: the label has left when the second names its version', async () => {
    const client = await withVersions(['v1'], ['v2', 'a'], ['v3', 'b']);
    const results = await Promise.allSettled([
      move(client, 'AWSCURRENT', 'v2', 'v1'),
      move(client, 'AWSCURRENT', 'v3', 'v1'),
    ]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('moveLabel', () => {
  it('keeps each label on one version, loses none, and leaves previous where current was', () => {
    const moves = fc.array(
      fc.record({ label: fc.constantFrom('AWSCURRENT', 'AWSPENDING', 'x'), to: fc.nat({ max: 3 }) }),
    );
    fc.assert(
      fc.property(moves, (steps) => {
        const versions = [0, 1, 2, 3].map((id) => ({
          id: String(id),
          value: { SecretString: 'x' },
          createdAt: 0,
          labels: new Set<string>(),
        }));
        const secret: Secret = {
          name: 's',
          arn: 'arn',
          description: undefined,
          createdAt: 0,
          changedAt: 0,
          deletedAt: undefined,
          versions: new Map(versions.map((version) => [version.id, version])),
        };
        for (const { label, to } of steps) {
          const target = versions[to];
          if (!target) continue;
          const before = holderOf(secret, label);
          const leaves = label === 'AWSCURRENT' && before !== undefined && before !== target;
          const previous = leaves ? before : holderOf(secret, 'AWSPREVIOUS');
          moveLabel(secret, label, target);
          expect(holderOf(secret, label)).toBe(target);
          expect(holderOf(secret, 'AWSPREVIOUS')).toBe(previous);
          const labels = versions.flatMap((version) => [...version.labels]);
          expect(labels).toHaveLength(new Set(labels).size);
        }
      }),
    );
  });
});
