import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { newWorld, token } from './rig.ts';

const dayMs = 86_400_000;

describe('CreateSecret', () => {
  it('gives an ARN with six more characters, and a first version that is current', async () => {
    const { client, clock } = await newWorld();
    const created = await client.send(
      new CreateSecretCommand({
        Name: 'partner/one',
        SecretString: 'first',
        ClientRequestToken: token('v1'),
      }),
    );
    expect(created).toMatchObject({
      ARN: expect.stringMatching(
        /^arn:aws:secretsmanager:eu-west-1:000000000000:secret:partner\/one-[A-Za-z0-9]{6}$/,
      ),
      Name: 'partner/one',
      VersionId: token('v1'),
    });
    const read = await client.send(new GetSecretValueCommand({ SecretId: 'partner/one' }));
    expect(read).toMatchObject({
      ARN: created.ARN,
      SecretString: 'first',
      VersionId: token('v1'),
      VersionStages: ['AWSCURRENT'],
    });
    expect(Math.abs(Number(read.CreatedDate) - clock.now())).toBeLessThan(2_000);
  });

  it('answers the same request again and refuses another one for the name', async () => {
    const { client } = await newWorld();
    const request = { Name: 'twice', SecretString: 'first', ClientRequestToken: token('v1') };
    const first = await client.send(new CreateSecretCommand(request));
    const again = await client.send(new CreateSecretCommand(request));
    expect(again.ARN).toBe(first.ARN);
    await expect(
      client.send(new CreateSecretCommand({ ...request, SecretString: 'other' })),
    ).rejects.toMatchObject({
      name: 'ResourceExistsException',
      message: 'The operation failed because the secret twice already exists.',
    });
  });

  it('makes a secret without a value, which has no current version yet', async () => {
    const { client, secretsManager } = await newWorld();
    secretsManager.createSecret({ name: 'empty' });
    await expect(client.send(new GetSecretValueCommand({ SecretId: 'empty' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    });
    await client.send(
      new PutSecretValueCommand({ SecretId: 'empty', SecretString: 'first', VersionStages: ['AWSPENDING'] }),
    );
    const { VersionStages } = await client.send(new GetSecretValueCommand({ SecretId: 'empty' }));
    expect(VersionStages?.toSorted()).toEqual(['AWSCURRENT', 'AWSPENDING']);
  });
});

describe('a SecretId', () => {
  it('is a name, a whole ARN, or an ARN without its last six characters', async () => {
    const { client, secretsManager } = await newWorld();
    const arn = secretsManager.createSecret({ name: 'partner/one', value: 'first' });
    for (const SecretId of ['partner/one', arn, arn.slice(0, -7)])
      expect(await client.send(new GetSecretValueCommand({ SecretId }))).toMatchObject({ ARN: arn });
  });

  it.each(['nobody', 'partner', 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:partner/one-zzzzzz'])(
    'is not found as %s',
    async (SecretId) => {
      const { client, secretsManager } = await newWorld();
      secretsManager.createSecret({ name: 'partner/one', value: 'first' });
      await expect(client.send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: "Secrets Manager can't find the specified secret.",
        $metadata: { httpStatusCode: 400 },
      });
    },
  );
});

describe('GetSecretValue', () => {
  it('reads by version, by label, or by both where they agree', async () => {
    const { client, secretsManager } = await newWorld();
    secretsManager.createSecret({ name: 's', value: 'first' });
    const put = { SecretId: 's', ClientRequestToken: token('v2'), VersionStages: ['AWSPENDING'] };
    await client.send(new PutSecretValueCommand({ ...put, SecretString: 'second' }));
    const read = (request: { VersionId?: string; VersionStage?: string }) =>
      client.send(new GetSecretValueCommand({ SecretId: 's', ...request }));
    expect((await read({})).SecretString).toBe('first');
    expect((await read({ VersionId: token('v2') })).SecretString).toBe('second');
    expect((await read({ VersionStage: 'AWSPENDING' })).SecretString).toBe('second');
    expect((await read({ VersionId: token('v2'), VersionStage: 'AWSPENDING' })).SecretString).toBe('second');
    await expect(read({ VersionId: token('v2'), VersionStage: 'AWSCURRENT' })).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
    await expect(read({ VersionId: token('v3'), VersionStage: 'AWSPENDING' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: `Secrets Manager can't find the specified secret value for VersionId: ${token('v3')}`,
    });
  });
});

describe('DeleteSecret', () => {
  it('marks the secret, which answers nothing until it is restored', async () => {
    const { client, secretsManager, clock } = await newWorld();
    secretsManager.createSecret({ name: 's', value: 'first' });
    const { DeletionDate } = await client.send(new DeleteSecretCommand({ SecretId: 's' }));
    expect(Math.abs(Number(DeletionDate) - clock.now() - 30 * dayMs)).toBeLessThan(2_000);
    await expect(client.send(new GetSecretValueCommand({ SecretId: 's' }))).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: "You can't perform this operation on the secret because it was marked for deletion.",
    });
    await expect(client.send(new CreateSecretCommand({ Name: 's' }))).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
    expect((await client.send(new DescribeSecretCommand({ SecretId: 's' }))).DeletedDate).toBeInstanceOf(
      Date,
    );
    await client.send(new RestoreSecretCommand({ SecretId: 's' }));
    await clock.advance(31 * dayMs);
    expect((await client.send(new GetSecretValueCommand({ SecretId: 's' }))).SecretString).toBe('first');
  });

  it('deletes for good when its window is over, or at once where forced', async () => {
    const { client, secretsManager, clock } = await newWorld();
    const first = secretsManager.createSecret({ name: 's', value: 'first' });
    await client.send(new DeleteSecretCommand({ SecretId: 's', RecoveryWindowInDays: 7 }));
    await clock.advance(7 * dayMs);
    const second = secretsManager.createSecret({ name: 's', value: 'second' });
    expect(second).not.toBe(first);
    await client.send(new DeleteSecretCommand({ SecretId: 's', ForceDeleteWithoutRecovery: true }));
    await expect(client.send(new DescribeSecretCommand({ SecretId: 's' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

it('an operation that is not here is refused by name', async () => {
  const { client } = await newWorld();
  await expect(client.send(new GetRandomPasswordCommand({}))).rejects.toMatchObject({
    name: 'UnknownOperationException',
  });
});
