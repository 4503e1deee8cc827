import { inspect } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../lib/domain/secret.ts';
import { bindingOf, HandleRefused, openHandle, sealHandle } from '../../lib/keys/handle.ts';
import { binding, canary, freshKeys, type Keys, sealed, withHeader } from './tokens.ts';

let keys: Keys;
let handle: string;

beforeAll(async () => {
  keys = await freshKeys();
  handle = await sealed(keys);
});

/** The refusal that opening comes to; anything else is an error. */
async function refusal(opening: Promise<Secret>): Promise<HandleRefused> {
  const error: unknown = await opening.then(
    () => new Error('it opened'),
    (refused: unknown) => refused,
  );
  if (error instanceof HandleRefused) return error;
  throw error;
}

describe('openHandle', () => {
  it('gives the token for the binding that it was sealed for', async () => {
    expect((await openHandle(handle, keys.privateKeys, binding)).reveal()).toBe(canary);
  });

  it('gives the token where a test accepts what the handle says', async () => {
    const open = openHandle(handle, keys.privateKeys, ({ partner }) => partner === 'fintech');
    expect((await open).reveal()).toBe(canary);
  });

  it('refuses where a test does not accept it', async () => {
    const open = openHandle(handle, keys.privateKeys, () => false);
    expect(await refusal(open)).toMatchObject({ code: 'transplanted' });
  });

  it.each(['authority', 'partner', 'credential'] as const)('refuses it for another %s', async (member) => {
    const open = openHandle(handle, keys.privateKeys, { ...binding, [member]: 'victim' });
    expect(await refusal(open)).toMatchObject({ code: 'transplanted' });
  });

  // The header is authenticated: whoever rewrites it for an endpoint of their own has a handle that does not open.
  it.each(['authority', 'partner', 'credential'] as const)(
    'refuses it when its header was rewritten to another %s',
    async (member) => {
      const moved = withHeader(handle, (header) => ({ ...header, [member]: 'mine' }));
      const open = openHandle(moved, keys.privateKeys, { ...binding, [member]: 'mine' });
      expect(await refusal(open)).toMatchObject({ code: 'undecipherable' });
    },
  );

  it('refuses it when anything else was added to its header', async () => {
    const moved = withHeader(handle, (header) => ({ ...header, note: 'x' }));
    expect(await refusal(openHandle(moved, keys.privateKeys, binding))).toMatchObject({
      code: 'undecipherable',
    });
  });

  it('refuses it when a member of the binding is missing', async () => {
    const moved = withHeader(handle, (header) => ({ ...header, partner: undefined }));
    expect(await refusal(openHandle(moved, keys.privateKeys, binding))).toMatchObject({
      code: 'transplanted',
    });
  });

  it('refuses a key that it does not hold', async () => {
    const { privateKeys } = await freshKeys();
    expect(await refusal(openHandle(handle, privateKeys, binding))).toMatchObject({ code: 'unknown-key' });
  });

  it('opens with an older key of the set by its kid', async () => {
    const { privateKeys } = await freshKeys();
    const both = { keys: [...privateKeys.keys, ...keys.privateKeys.keys] };
    expect((await openHandle(handle, both, binding)).reveal()).toBe(canary);
  });

  it('refuses another algorithm than ours', async () => {
    const moved = withHeader(handle, (header) => ({ ...header, alg: 'dir' }));
    expect(await refusal(openHandle(moved, keys.privateKeys, binding))).toMatchObject({
      code: 'undecipherable',
    });
  });

  it.each(['', 'a', 'a.b.c.d.e', canary])('refuses what is no handle: %j', async (text) => {
    expect(await refusal(openHandle(text, keys.privateKeys, binding))).toMatchObject({
      code: 'transplanted',
    });
  });
});

describe('a refused handle', () => {
  it('says nothing of the token, in its message or when inspected', async () => {
    const { privateKeys } = await freshKeys();
    const moved = withHeader(handle, (header) => ({ ...header, partner: 'mine' }));
    const refusals = await Promise.all([
      refusal(openHandle(handle, keys.privateKeys, { ...binding, partner: 'victim' })),
      refusal(openHandle(handle, privateKeys, binding)),
      refusal(openHandle(moved, keys.privateKeys, { ...binding, partner: 'mine' })),
      refusal(openHandle(canary, keys.privateKeys, binding)),
    ]);
    for (const error of refusals)
      for (const text of [error.message, String(error), inspect(error, { depth: 9, showHidden: true })])
        expect(text).not.toContain('CANARY');
  });

  it('says nothing of the private key', async () => {
    const [{ d = '' } = {}] = keys.privateKeys.keys;
    const moved = withHeader(handle, (header) => ({ ...header, note: 'x' }));
    const error = await refusal(openHandle(moved, keys.privateKeys, binding));
    expect(d).not.toBe('');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(d);
  });
});

describe('sealHandle', () => {
  it('makes a compact JWE that shows its binding and not its token', async () => {
    expect(handle.split('.')).toHaveLength(5);
    expect(bindingOf(handle)).toEqual(binding);
    expect(Buffer.from(handle, 'base64url').toString('latin1')).not.toContain(canary);
  });

  it('makes another one each time', async () => {
    expect(await sealed(keys)).not.toBe(handle);
  });

  it('needs a key', async () => {
    await expect(sealHandle({ keys: [] }, binding, new Secret(canary))).rejects.toThrow(
      'the key set is empty',
    );
  });
});

describe('bindingOf', () => {
  it.each(['', 'x', 'a.b.c', '....'])('reads nothing from %j', (text) => {
    expect(bindingOf(text)).toBeUndefined();
  });

  it('reads nothing where a member is no text', () => {
    expect(bindingOf(withHeader(handle, (header) => ({ ...header, credential: 7 })))).toBeUndefined();
  });
});
