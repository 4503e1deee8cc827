import { PutSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { cachedSecrets } from '../../../lib/aws/secrets/secrets.ts';
import { newWorld } from '../../cloud/services/secrets-manager/rig.ts';

/** A reader in front of a real client, and the names that it asked for. */
async function startReader() {
  const { client, secretsManager } = await newWorld();
  const asked: unknown[] = [];
  client.middlewareStack.add(
    (next) => (call) => {
      if ('SecretId' in call.input && !('SecretString' in call.input)) asked.push(call.input.SecretId);
      return next(call);
    },
    { step: 'initialize' },
  );
  let time = 0;
  const secret = cachedSecrets(client, () => time);
  return {
    asked,
    create: (name: string, value: string) => secretsManager.createSecret({ name, value }),
    put: (name: string, value: string) => put(client, name, value),
    read: async (name: string, options?: { readonly fresh: boolean }) =>
      (await secret(name, options)).reveal(),
    pass: (seconds: number) => void (time += seconds * 1000),
  };
}

const put = (client: SecretsManagerClient, name: string, value: string) =>
  client.send(new PutSecretValueCommand({ SecretId: name, SecretString: value }));

describe('cachedSecrets', () => {
  it('remembers a value for five minutes', async () => {
    const { asked, create, put: change, read, pass } = await startReader();
    create('a', 'old');
    expect(await read('a')).toBe('old');
    await change('a', 'new');
    pass(299);
    expect(await read('a')).toBe('old');
    pass(1);
    expect(await read('a')).toBe('new');
    expect(asked).toEqual(['a', 'a']);
  });

  it('makes one call of the reads of one secret at the same time, fresh or not', async () => {
    const { asked, create, read } = await startReader();
    create('a', 'value');
    create('b', 'other');
    const values = await Promise.all([read('a'), read('a', { fresh: true }), read('b'), read('a')]);
    expect(values).toEqual(['value', 'value', 'other', 'value']);
    expect(asked).toEqual(['a', 'b']);
  });

  it('does not remember that it failed', async () => {
    const { create, read } = await startReader();
    await expect(read('a')).rejects.toThrow('secret a has no current version: put its value first');
    create('a', 'value');
    expect(await read('a')).toBe('value');
  });

  it('remembers a hundred and forgets the one that was used least recently', async () => {
    const { asked, create, read } = await startReader();
    const names = Array.from({ length: 101 }, (_, index) => `s${index}`);
    for (const name of names) create(name, name);
    for (const name of names.slice(0, 100)) await read(name);
    await read('s0');
    await read('s100');
    asked.length = 0;
    await read('s0');
    await read('s100');
    expect(asked).toEqual([]);
    await read('s1');
    expect(asked).toEqual(['s1']);
  });

  it('reads past its memory when asked to, and remembers what it read', async () => {
    const { create, put: change, read } = await startReader();
    create('a', 'old');
    await read('a');
    await change('a', 'new');
    expect(await read('a')).toBe('old');
    expect(await read('a', { fresh: true })).toBe('new');
    expect(await read('a')).toBe('new');
  });

  it('reads past its memory at most every half a minute, for each secret', async () => {
    const { asked, create, read, pass } = await startReader();
    create('a', 'value');
    create('b', 'other');
    await read('a');
    await read('a', { fresh: true });
    pass(29);
    await read('a', { fresh: true });
    await read('b', { fresh: true });
    expect(asked).toEqual(['a', 'a', 'b']);
    pass(1);
    await read('a', { fresh: true });
    expect(asked).toEqual(['a', 'a', 'b', 'a']);
  });

  it('keeps to that also where it could not be read', async () => {
    let [calls, broken] = [0, false];
    const { client, secretsManager } = await newWorld();
    secretsManager.createSecret({ name: 'a', value: 'value' });
    client.middlewareStack.add(
      (next) => (call) => {
        calls += 1;
        if (broken) throw new Error('throttled');
        return next(call);
      },
      { step: 'initialize' },
    );
    let time = 0;
    const secret = cachedSecrets(client, () => time);
    await secret('a');
    broken = true;
    await expect(secret('a', { fresh: true })).rejects.toThrow('throttled');
    expect((await secret('a', { fresh: true })).reveal()).toBe('value');
    expect(calls).toBe(2);
    broken = false;
    time = 30_000;
    await secret('a', { fresh: true });
    time = 59_000;
    await secret('a', { fresh: true });
    expect(calls).toBe(3);
  });
});
