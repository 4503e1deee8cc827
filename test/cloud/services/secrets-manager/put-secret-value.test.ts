import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { newWorld, token } from './rig.ts';

const dayMs = 86_400_000;

describe('PutSecretValue', () => {
  it('makes the new version current and the one before it previous', async () => {
    const { client, secretsManager } = await newWorld();
    secretsManager.createSecret({ name: 's' });
    for (const name of ['v1', 'v2', 'v3'])
      await client.send(
        new PutSecretValueCommand({ SecretId: 's', SecretString: name, ClientRequestToken: token(name) }),
      );
    const described = await client.send(new DescribeSecretCommand({ SecretId: 's' }));
    expect(described.VersionIdsToStages).toEqual({
      [token('v2')]: ['AWSPREVIOUS'],
      [token('v3')]: ['AWSCURRENT'],
    });
  });

  it('does nothing for a token and value that it has seen, also where the labels differ', async () => {
    const { client, secretsManager } = await newWorld();
    secretsManager.createSecret({ name: 's', value: 'first' });
    const put = { SecretId: 's', ClientRequestToken: token('v2'), SecretString: 'second' };
    await client.send(new PutSecretValueCommand({ ...put, VersionStages: ['AWSPENDING'] }));
    const again = await client.send(new PutSecretValueCommand(put));
    expect(again).toMatchObject({ VersionId: token('v2'), VersionStages: ['AWSPENDING'] });
    expect((await client.send(new GetSecretValueCommand({ SecretId: 's' }))).SecretString).toBe('first');
  });

  it('refuses another value for a token that it has seen', async () => {
    const { client, secretsManager } = await newWorld();
    secretsManager.createSecret({ name: 's', value: 'first' });
    const put = { SecretId: 's', ClientRequestToken: token('v2') };
    await client.send(new PutSecretValueCommand({ ...put, SecretString: 'one' }));
    for (const other of [{ SecretString: 'two' }, { SecretBinary: Buffer.from('one') }])
      await expect(client.send(new PutSecretValueCommand({ ...put, ...other }))).rejects.toMatchObject({
        name: 'ResourceExistsException',
      });
    expect((await client.send(new GetSecretValueCommand({ SecretId: 's' }))).SecretString).toBe('one');
  });

  it('lets one of two calls at once win where they differ, and both where they do not', async () => {
    const { client, secretsManager } = await newWorld();
    secretsManager.createSecret({ name: 's', value: 'first' });
    const put = (name: string, SecretString: string) =>
      client.send(
        new PutSecretValueCommand({ SecretId: 's', ClientRequestToken: token(name), SecretString }),
      );
    const same = await Promise.allSettled([put('same', 'x'), put('same', 'x')]);
    expect(same.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    const other = await Promise.allSettled([put('other', 'x'), put('other', 'y')]);
    expect(other.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const { Versions } = await client.send(
      new ListSecretVersionIdsCommand({ SecretId: 's', IncludeDeprecated: true }),
    );
    expect(Versions).toHaveLength(3);
  });

  it('keeps bytes as they are', async () => {
    const { client, secretsManager } = await newWorld();
    secretsManager.createSecret({ name: 's' });
    const bytes = Uint8Array.from([0, 255, 128, 10]);
    await client.send(new PutSecretValueCommand({ SecretId: 's', SecretBinary: bytes }));
    const read = await client.send(new GetSecretValueCommand({ SecretId: 's' }));
    expect([...(read.SecretBinary ?? [])]).toEqual([...bytes]);
    expect(read.SecretString).toBeUndefined();
  });

  it.each([
    ['no value', {}, 'InvalidRequestException'],
    ['two values', { SecretString: 'hush', SecretBinary: Buffer.from('hush') }, 'InvalidParameterException'],
    ['a short token', { SecretString: 'hush', ClientRequestToken: 'short' }, 'InvalidParameterException'],
    [
      'a long token',
      { SecretString: 'hush', ClientRequestToken: 'x'.repeat(65) },
      'InvalidParameterException',
    ],
    ['no labels', { SecretString: 'hush', VersionStages: [] }, 'InvalidParameterException'],
    ['a value that is too long', { SecretString: 'hush'.repeat(17_000) }, 'InvalidParameterException'],
  ])('refuses %s, without the value in its message', async (_, request, name) => {
    const { client, secretsManager } = await newWorld();
    secretsManager.createSecret({ name: 's' });
    const refused = await client
      .send(new PutSecretValueCommand({ SecretId: 's', ...request }))
      .catch((error: unknown) => error as Error);
    expect(refused).toMatchObject({ name });
    expect((refused as Error).message).not.toContain('hush');
  });

  it('refuses more than twenty labels on a secret', async () => {
    const { client, secretsManager } = await newWorld();
    secretsManager.createSecret({ name: 's', value: 'first' });
    const labels = Array.from({ length: 19 }, (_, index) => `label-${index}`);
    const put = (VersionStages: string[]) =>
      client.send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'x', VersionStages }));
    await put(labels);
    await expect(put(['one-more'])).rejects.toMatchObject({ name: 'LimitExceededException' });
    await put(labels);
  });
});

describe('the versions of a secret', () => {
  it('are listed with their labels, the outdated ones on demand', async () => {
    const { client, secretsManager } = await newWorld();
    secretsManager.createSecret({ name: 's' });
    for (const name of ['v1', 'v2', 'v3'])
      await client.send(
        new PutSecretValueCommand({ SecretId: 's', SecretString: name, ClientRequestToken: token(name) }),
      );
    const list = async (IncludeDeprecated?: boolean) =>
      (
        await client.send(new ListSecretVersionIdsCommand({ SecretId: 's', IncludeDeprecated }))
      ).Versions?.map(({ VersionId }) => VersionId);
    expect(await list()).toEqual([token('v2'), token('v3')]);
    expect(await list(true)).toEqual([token('v1'), token('v2'), token('v3')]);
  });

  it('go above a hundred, the oldest first, where they have no label and are a day old', async () => {
    const { client, clock, secretsManager } = await newWorld();
    secretsManager.createSecret({ name: 's' });
    const put = (name: string, VersionStages?: string[]) =>
      client.send(
        new PutSecretValueCommand({
          SecretId: 's',
          SecretString: name,
          ClientRequestToken: token(name),
          VersionStages,
        }),
      );
    const count = async () =>
      (await client.send(new ListSecretVersionIdsCommand({ SecretId: 's', IncludeDeprecated: true })))
        .Versions?.length;
    await put('kept', ['kept']);
    for (let index = 0; index < 105; index += 1) await put(`v${index}`);
    expect(await count()).toBe(106);
    await clock.advance(dayMs + 1_000);
    await put('last');
    expect(await count()).toBe(100);
    const read = (VersionId: string) => client.send(new GetSecretValueCommand({ SecretId: 's', VersionId }));
    await expect(read(token('v0'))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect((await read(token('kept'))).SecretString).toBe('kept');
    expect((await read(token('v104'))).VersionStages).toEqual(['AWSPREVIOUS']);
  });
});
