import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWalkRig, type WalkRig } from '../walk-rig.ts';

// P2, P3: each of these is a regression

let rig: WalkRig;
beforeEach(async () => {
  rig = await startWalkRig();
});
afterEach(() => rig.close());

const under = (id: string) => ({ consent: { id, generation: 1 } });

describe('a token that descends from a cut-off partner, and belongs to another partner', () => {
  const delegate = () => rig.issue('x', { partner: 'birch', parent: 't', ...under('c2') });

  it.each(['before', 'after'])(
    'dies, although it names a consent of the cut-off partner, which is announced %s the cut-off',
    async (when) => {
      if (when === 'before') await rig.grant('c2', 'acme');
      await rig.issue('t');
      await delegate();
      await rig.cutOff('acme');
      if (when === 'after') await rig.grant('c2', 'acme');
      expect(await rig.stateOf('x')).toBe('condemned');
    },
  );

  it('lives if it names a consent that is known to be of its own partner', async () => {
    await rig.grant('c2', 'birch');
    await rig.issue('t');
    await delegate();
    const id = await rig.cutOff('acme');
    expect(await rig.stateOf('x')).toBe('live');
    expect(await rig.shared(id)).toEqual(['x']);
  });

  it.each([false, true])(
    'dies although another case shelters it from a second ancestor, announced late: %s',
    async (late) => {
      await rig.grant('c2', 'acme');
      await rig.issue('t');
      await rig.issue('q', { partner: 'birch', grant: 'g', ...under('c1') });
      const twice = () => rig.issue('x', { partner: 'birch', grant: 'g', parent: 't', ...under('c2') });
      if (!late) await twice();
      await rig.withdraw('c1');
      await rig.cutOff('acme');
      if (late) await twice();
      expect(await rig.stateOf('x')).toBe('condemned');
    },
  );

  it('dies although an earlier case listed its grant and sheltered it', async () => {
    await rig.grant('c2', 'acme');
    await rig.issue('t');
    await rig.issue('q', { partner: 'birch', grant: 'g', parent: 't', ...under('c1') });
    await rig.issue('y', { partner: 'birch', grant: 'g', ...under('c2') });
    const first = await rig.withdraw('c1');
    expect(await rig.shared(first)).toEqual(['y']);
    await rig.cutOff('acme');
    expect(await rig.stateOf('y')).toBe('condemned');
  });
});

describe('a server that revokes by grant', () => {
  it('does not get a revocation of a refreshed token whose successor is active, although no grant was announced', async () => {
    await rig.issue('r1', { kind: 'refresh_token', ...under('c1') }, 'family');
    await rig.issue(
      'r2',
      { kind: 'refresh_token', replaces: 'r1', consent: { id: 'c1', generation: 2 } },
      'family',
    );
    const id = await rig.withdraw('c1');
    await rig.work(id);
    expect(rig.revoked).toEqual([]);
    expect(rig.alive.has('r2')).toBe(true);
    expect(await rig.owed(id)).toEqual({ r1: expect.stringContaining('revocation:collateral') as string });
  });

  it('gets the revocation of a refreshed token if its whole family dies, however long the family is', async () => {
    await rig.issue('r0', { kind: 'refresh_token', ...under('c1') }, 'family');
    for (let n = 1; n < 30; n += 1)
      await rig.issue(`r${n}`, { kind: 'refresh_token', replaces: `r${n - 1}`, ...under('c1') }, 'family');
    const id = await rig.withdraw('c1');
    await rig.work(id);
    const states = Object.values(await rig.owed(id)).map((state) => state.split(' ')[0]);
    expect(states.filter((state) => state === 'dead')).toHaveLength(30);
  });

  it('gets one revocation for a grant that dies as a whole, and each of its tokens is probed', async () => {
    for (const name of ['a', 'b', 'c']) await rig.issue(name, { grant: 'g', ...under('c1') }, 'g');
    const id = await rig.withdraw('c1');
    await rig.work(id);
    expect(rig.revoked).toHaveLength(1);
    expect(Object.values(await rig.owed(id)).map((state) => state.split(' ')[0])).toEqual([
      'dead',
      'dead',
      'dead',
    ]);
  });

  it('gets a revocation for each token that it left alive: the rule of the grant proves nothing', async () => {
    for (const name of ['a', 'b', 'c']) await rig.issue(name, { grant: 'g', ...under('c1') });
    const id = await rig.withdraw('c1');
    await rig.work(id);
    expect(rig.revoked.toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('gets the revocation in a cut-off, although another sender names the grant to save it', async () => {
    await rig.issue('victim', { grant: 'g' }, 'g');
    await rig.issue('fake', { grant: 'g', partner: 'birch' }, 'other');
    const id = await rig.cutOff('acme');
    await rig.work(id);
    expect(await rig.owed(id)).toEqual({ victim: expect.stringMatching(/^dead/) as string });
  });
});

describe('two senders', () => {
  it('announce the same consent at the same moment, and neither is refused', async () => {
    await Promise.all([rig.grant('c1', 'acme'), rig.grant('c1', 'acme')]);
    expect((await rig.rows.consents.find('c1', 1))?.state).toBe('granted');
  });
});
