import { afterEach, expect, describe, it, vi } from 'vitest';
import { defaultProvider } from '../../../lib/aws/lambda/lambda-credentials.ts';

const keys = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' };

afterEach(() => vi.unstubAllEnvs());

describe('credentials in a function', () => {
  it('are those that Lambda sets', async () => {
    for (const [name, value] of Object.entries(keys)) vi.stubEnv(name, value);
    expect(await defaultProvider()()).toEqual({
      accessKeyId: 'AKIA',
      secretAccessKey: 'secret',
      sessionToken: 'token',
    });
  });

  it.each(Object.keys(keys))('are refused without %s, by its name and without a value', async (missing) => {
    for (const [name, value] of Object.entries(keys)) vi.stubEnv(name, name === missing ? '' : value);
    await expect(defaultProvider()()).rejects.toThrow(`${missing} is not set`);
    await expect(defaultProvider()()).rejects.not.toThrow('AKIA');
  });
});
