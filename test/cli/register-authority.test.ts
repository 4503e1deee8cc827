import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register } from '../../lib/cli/act/register.ts';
import { authorityOf } from '../domain/objects.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rescind-register-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Registers this authority at a door that accepts everything. */
async function registering(authority: object) {
  const file = join(folder, 'authority.json');
  writeFileSync(file, JSON.stringify({ authority }));
  const sent: unknown[] = [];
  const report = await register(file, async (order) => {
    sent.push(order);
    return { kind: 'registered', subject: 'authority/bank', revision: 1 };
  });
  return { report, sent };
}

const own = { clientId: 'rescind', secretName: 'rescind/authority/bank' };

describe('rescind register of an authority', () => {
  it.each<object>([
    { role: 'party', collateral: 'none' },
    { auth: { method: 'private_key_jwt', ...own, audience: 'token-endpoint' } },
    { auth: { method: 'client_secret_basic', ...own } },
    { auth: { method: 'client_secret_post', ...own } },
    { collateral: null, limits: { concurrency: null } },
  ])('sends %o as it is in the file', async (changes) => {
    const authority = { ...authorityOf(), ...changes };
    const { report, sent } = await registering(authority);
    expect(report.ends).toBe('done');
    expect(sent).toEqual([{ command: 'register-authority', authority }]);
  });

  it.each<[object, string]>([
    [{ role: 'owner' }, 'authority: role: must be operator ('],
    [{ collateral: true }, 'authority: collateral: must be grant ('],
    [
      { auth: { method: 'none', ...own } },
      'authority: auth.method: must be private_key_jwt, client_secret_basic',
    ],
    [
      { auth: { method: 'client_secret_post', ...own, audience: 'issuer' } },
      'authority: auth.audience: must be left out',
    ],
    [{ auth: { method: 'client_secret_post', ...own, secret: 'x' } }, 'there is no member auth.secret'],
    [{ audience: 'issuer' }, 'there is no member audience'],
  ])('refuses %o and says what to write', async (changes, says) => {
    await expect(registering({ ...authorityOf(), ...changes })).rejects.toThrow(says);
  });
});
