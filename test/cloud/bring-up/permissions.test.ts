import {
  GetSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startToyWorld } from './toy-world.ts';

/** Rotates to the value `v2`, over the same door as every function. */
const rotate = `
const ask = async (operation, input) => {
  const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID } = process.env;
  const answer = await fetch(AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      'x-amz-target': 'secretsmanager.' + operation,
      authorization: 'AWS4-HMAC-SHA256 Credential=' + AWS_ACCESS_KEY_ID + '/',
    },
    body: JSON.stringify(input),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
};
export const handler = async ({ Step, SecretId, ClientRequestToken }) => {
  // longer than one look of settle: it has to wait for each step
  await new Promise((done) => setTimeout(done, 60));
  if (Step === 'createSecret')
    await ask('PutSecretValue', { SecretId, ClientRequestToken, SecretString: 'v2', VersionStages: ['AWSPENDING'] });
  if (Step !== 'finishSecret') return;
  const current = await ask('GetSecretValue', { SecretId });
  await ask('UpdateSecretVersionStage', {
    SecretId,
    VersionStage: 'AWSCURRENT',
    MoveToVersionId: ClientRequestToken,
    RemoveFromVersionId: current.VersionId,
  });
};`;

const secret = (Name: string) => ({
  Type: 'AWS::SecretsManager::Secret',
  Properties: { Name, SecretString: 'v1' },
});
const permission = (change: Record<string, unknown> = {}) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName: { 'Fn::GetAtt': ['rotate', 'Arn'] },
    Principal: 'secretsmanager.amazonaws.com',
    ...change,
  },
});

const newWorld = async (permissions: Record<string, unknown>) => {
  const world = await startToyWorld(
    { rotate },
    { Secret: secret('key'), Other: secret('other'), ...permissions },
  );
  const client = new SecretsManagerClient({
    endpoint: world.gateway.endpoint,
    region: 'eu-west-1',
    credentials: world.admit('alice'),
    maxAttempts: 1,
  });
  onTestFinished(() => client.destroy());
  const functionArn = world.stack.of('AWS::Lambda::Function')[0]?.arn;
  return {
    world,
    rotate: (SecretId: string) =>
      client.send(new RotateSecretCommand({ SecretId, RotationLambdaARN: functionArn })),
    value: async (SecretId: string) =>
      (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString,
  };
};

describe('Secrets Manager rotates with a function', () => {
  it.each([
    ['that lets it', {}],
    ['named by its name', { FunctionName: { Ref: 'rotate' } }],
    ['that lets it for the account', { SourceAccount: { Ref: 'AWS::AccountId' } }],
    ['that lets it for this secret', { SourceArn: { Ref: 'Secret' } }],
    ['that lets it for secrets of any name', { SourceArn: 'arn:aws:secretsmanager:*:*:secret:*' }],
    ['that lets it do everything', { Action: 'lambda:*' }],
  ])('%s, and the world settles after that', async (_, change) => {
    const { world, rotate: ask, value } = await newWorld({ May: permission(change) });
    await ask('key');
    expect(await world.settle()).toBe(true);
    expect(await value('key')).toBe('v2');
    expect(await value('other')).toBe('v1');
  });

  it.each<[string, Record<string, unknown>]>([
    ['that says nothing', {}],
    ['that lets another service', { May: permission({ Principal: 'events.amazonaws.com' }) }],
    ['that lets it for another account', { May: permission({ SourceAccount: '111122223333' }) }],
    [
      'that lets it for secrets of another name',
      { May: permission({ SourceArn: 'arn:aws:secretsmanager:*:*:secret:o*' }) },
    ],
    ['that lets it for another secret', { May: permission({ SourceArn: { Ref: 'Other' } }) }],
  ])('but not with one %s', async (_, permissions) => {
    const { world, rotate: ask, value } = await newWorld(permissions);
    await expect(ask('key')).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('grants access to the principal secretsmanager.amazonaws.com'),
    });
    expect(await world.settle()).toBe(true);
    expect(await value('key')).toBe('v1');
  });
});

describe('settle', () => {
  it('tells that a rotation is still under way', async () => {
    const { world, rotate: ask } = await newWorld({ May: permission() });
    await ask('key');
    expect(await world.settle(1)).toBe(false);
    expect(await world.settle()).toBe(true);
  });
});

describe('a permission stops the start', () => {
  it.each<[string, Record<string, unknown>, string]>([
    [
      'for a function that is not there',
      { FunctionName: 'nobody' },
      'May: AWS::Lambda::Function nobody is not in the template',
    ],
    ['for an alias', { FunctionName: { 'Fn::Sub': '${rotate.Arn}:live' } }, 'without a version or an alias'],
    ['with a condition that is not checked', { PrincipalOrgID: 'o-1' }, 'PrincipalOrgID'],
  ])('%s', async (_, change, words) => {
    await expect(newWorld({ May: permission(change) })).rejects.toThrow(words);
  });
});
