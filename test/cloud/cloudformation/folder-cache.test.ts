import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fillFolder } from './folder-cache.ts';

/** A cache of its own, what is made for it by key, and how often something was made. */
function newCache() {
  const root = mkdtempSync(join(tmpdir(), 'rescind-cache-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const cache = join(root, 'cache');
  let [made, targets, key] = [0, 0, 'a'];
  const make = async (folder: string) => {
    made += 1;
    mkdirSync(join(folder, 'asset'), { recursive: true });
    writeFileSync(join(folder, 'template.json'), `template of ${key}`);
    writeFileSync(join(folder, 'asset', 'index.mjs'), `bundle of ${key}`);
  };
  return {
    cache,
    entry: (...path: readonly string[]) => join(cache, key, 'content', ...path),
    changeInputs: (to: string) => void (key = to),
    made: () => made,
    fill: async (maker = make) => {
      const target = join(root, `target-${(targets += 1)}`);
      const how = await fillFolder(target, { cache, key: () => key, make: maker });
      const read = (...path: readonly string[]) => readFileSync(join(target, ...path), 'utf8');
      return { how, template: read('template.json'), bundle: read('asset', 'index.mjs'), target };
    },
  };
}

describe('a folder from the cache', () => {
  it('is made once, and the same the second time', async () => {
    const { fill, made } = newCache();
    expect(await fill()).toMatchObject({ how: 'made', template: 'template of a', bundle: 'bundle of a' });
    expect(await fill()).toMatchObject({ how: 'cached', template: 'template of a', bundle: 'bundle of a' });
    expect(made()).toBe(1);
  });

  it('is made again when what it is made of has changed', async () => {
    const { fill, changeInputs } = newCache();
    await fill();
    changeInputs('b');
    expect(await fill()).toMatchObject({ how: 'made', template: 'template of b' });
    changeInputs('a');
    expect(await fill()).toMatchObject({ how: 'cached', template: 'template of a' });
  });

  it('belongs to whoever asked: what they do to it stays theirs', async () => {
    const { fill } = newCache();
    const { target } = await fill();
    writeFileSync(join(target, 'template.json'), 'broken on purpose');
    expect(await fill()).toMatchObject({ how: 'cached', template: 'template of a' });
  });

  it.each<readonly [string, (cache: ReturnType<typeof newCache>) => void]>([
    ['was cut off', ({ entry }) => writeFileSync(entry('asset', 'index.mjs'), 'bund')],
    ['was edited', ({ entry }) => writeFileSync(entry('template.json'), 'template of b')],
    ['lost a file', ({ entry }) => rmSync(entry('template.json'))],
    ['has a file too many', ({ entry }) => writeFileSync(entry('asset', 'more.mjs'), '')],
    ['has no digest', ({ cache }) => rmSync(join(cache, 'a', 'digest'))],
    [
      'is no folder',
      ({ cache }) => (rmSync(join(cache, 'a'), { recursive: true }), writeFileSync(join(cache, 'a'), '')),
    ],
  ])('heals where its entry %s', async (_, spoil) => {
    const cache = newCache();
    await cache.fill();
    spoil(cache);
    expect(await cache.fill()).toMatchObject({
      how: 'made',
      template: 'template of a',
      bundle: 'bundle of a',
    });
    expect(await cache.fill()).toMatchObject({
      how: 'cached',
      template: 'template of a',
      bundle: 'bundle of a',
    });
    expect(readdirSync(cache.cache)).toEqual(['a']);
  });

  it('comes whole to each of several that ask at once', async () => {
    const { fill, cache } = newCache();
    const all = await Promise.all([fill(), fill(), fill(), fill()]);
    for (const one of all) expect(one).toMatchObject({ template: 'template of a', bundle: 'bundle of a' });
    expect(readdirSync(cache)).toEqual(['a']);
    expect((await fill()).how).toBe('cached');
  });

  it('is not kept where it could not be made', async () => {
    const { fill, cache } = newCache();
    await expect(fill(() => Promise.reject(new Error('cdk synth ended with 1')))).rejects.toThrow(
      'ended with 1',
    );
    expect(readdirSync(cache)).toEqual([]);
    expect((await fill()).how).toBe('made');
  });

  it('is not kept where a file was edited while it was made', async () => {
    const { fill, cache, changeInputs } = newCache();
    const { how } = await fill(async (folder) => {
      mkdirSync(join(folder, 'asset'), { recursive: true });
      writeFileSync(join(folder, 'template.json'), 'half old, half new');
      writeFileSync(join(folder, 'asset', 'index.mjs'), '');
      changeInputs('b');
    });
    expect(how).toBe('made');
    expect(readdirSync(cache)).toEqual([]);
  });

  it('is forgotten when five others were used since, and so is the draft of a run that died', async () => {
    const { fill, cache, changeInputs } = newCache();
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      changeInputs(key);
      await fill();
      // a second apart, the oldest first
      const at = Date.now() / 1000 - 100 + key.charCodeAt(0);
      utimesSync(join(cache, key), at - 97, at - 97);
    }
    mkdirSync(join(cache, 'a.dead'));
    mkdirSync(join(cache, 'a.alive'));
    utimesSync(join(cache, 'a.dead'), 0, 0);
    changeInputs('a');
    expect((await fill()).how).toBe('cached');
    changeInputs('f');
    expect((await fill()).how).toBe('made');
    expect(readdirSync(cache).toSorted()).toEqual(['a', 'a.alive', 'c', 'd', 'e', 'f']);
    expect(existsSync(join(cache, 'b'))).toBe(false);
  });
});
