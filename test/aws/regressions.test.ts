import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cases } from '../../lib/aws/dynamodb/readers/cases.ts';
import { fences } from '../../lib/aws/dynamodb/readers/fences.ts';
import { seenNotes } from '../../lib/aws/dynamodb/readers/seen-notes.ts';
import { handleOpener } from '../../lib/aws/secrets/handles.ts';
import { authorityId, consentId, credentialId } from '../../lib/domain/ids.ts';
import { Secret } from '../../lib/domain/secret.ts';
import { credentialName } from '../../lib/domain/names.ts';
import { fingerprint, fingerprintId } from '../../lib/keys/fingerprint.ts';
import { sealHandle } from '../../lib/keys/handle.ts';
import { makeHandleKeys, publicHalf, readHandleKeys } from '../../lib/keys/key-pair.ts';
import { sha256 } from '../../lib/wire/digest.ts';
import { credentialOf, fenceOf, obligationOf } from '../domain/objects.ts';
import { freshCase } from './rows.ts';
import { fresh, startTables, tables, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startTables();
});
afterAll(() => world.close());

describe('planned credentials', () => {
  it('are not mistaken for others whose ids have slashes in other places', async () => {
    const of = freshCase();
    const x = { authority: authorityId('a/b'), id: credentialId('c') };
    const y = { authority: authorityId('a'), id: credentialId('b/c') };
    await world.given({ kind: 'open-obligation', obligation: obligationOf({ case: of.id, ...x }) });
    const planned = await cases(world.client, tables.cases).cases.visited(of, [
      credentialOf(x),
      credentialOf(y),
    ]);
    expect([planned.has(credentialName(x)), planned.has(credentialName(y))]).toEqual([true, false]);
  });
});

describe('a fence', () => {
  it('is never lowered, whatever the decision said', async () => {
    const subject = { type: 'consent', id: consentId(fresh('consent')) } as const;
    await world.given({ kind: 'raise-fence', fence: fenceOf({ subject, generation: 5 }), from: null });
    await world.commit([{ kind: 'raise-fence', fence: fenceOf({ subject, generation: 3 }), from: 5 }]);
    expect((await fences(world.client, tables.fences).fences.find(subject))?.generation).toBe(5);
  });
});

describe('notes of what was seen active', () => {
  // A newly due row shifted the group of 25; the note of the group that died was overwritten, and its control with it.
  it('keep what a predecessor saw until its outcome is committed', async () => {
    const chunk = { case: freshCase().id, shard: 0, authority: authorityId('bank') };
    const open = () => seenNotes(world.client, tables.cases).open(chunk);
    await (await open()).note(new Map(Object.entries({ a: 1, b: 2 })));
    await (await open()).note(new Map([['c', 3]]));
    const third = await open();
    expect(third.seen).toEqual(new Map(Object.entries({ a: 1, b: 2, c: 3 })));
    third.settled(['a', 'c']);
    await third.note(new Map([['d', 4]]));
    expect((await open()).seen).toEqual(new Map(Object.entries({ b: 2, d: 4 })));
  });

  // `seen[id]` of a plain object: a function for `constructor`, the prototype for `__proto__`: a forged control
  it.each(['__proto__', 'constructor', 'toString'])('name %s only where it was noted', async (id) => {
    const chunk = { case: freshCase().id, shard: 0, authority: authorityId('bank') };
    const open = () => seenNotes(world.client, tables.cases).open(chunk);
    const first = await open();
    expect(first.seen.get(id)).toBeUndefined();
    await first.note(new Map([[id, 5]]));
    expect([...(await open()).seen]).toEqual([[id, 5]]);
  });
});

describe('a handle whose token is not the one that the fingerprint says', () => {
  it.each([true, false])('is refused, with a public reference: %s', async (named) => {
    const secret = await makeHandleKeys();
    const published = publicHalf(readHandleKeys(secret));
    const fingerprintKey = new Secret('fingerprint key');
    const open = handleOpener({
      handleKeys: async () => secret,
      fingerprintKey: async () => fingerprintKey,
    });
    const hash = sha256('the real token');
    const print = fingerprint(fingerprintKey, hash);
    const id = credentialId(named ? 'rt-1' : fingerprintId(print));
    const binding = { authority: 'bank', partner: 'fintech', credential: named ? id : `sha256:${hash}` };
    const seal = (token: string) => sealHandle(published, binding, new Secret(token));
    const opened = async (token: string) =>
      open(credentialOf({ id, fingerprint: print, handle: await seal(token) })).then(
        (value) => value?.reveal(),
        (error: { readonly code?: string }) => error.code,
      );
    expect(await opened('garbage')).toBe('transplanted');
    expect(await opened('the real token')).toBe('the real token');
  });
});

describe('a handle key that cannot be read', () => {
  it('is not quoted in the error', async () => {
    const open = handleOpener({
      handleKeys: async () => new Secret('{"keys":[{"d":"canary-private-part'),
      fingerprintKey: async () => new Secret('x'),
    });
    const failed = await open(credentialOf({ handle: 'a.b.c.d.e' })).catch((error: unknown) => String(error));
    expect(failed).toContain('no private JWK set');
    expect(failed).not.toContain('canary');
  });
});
