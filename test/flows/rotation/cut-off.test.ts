import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RotationEvent } from '../../cloud/services/secrets-manager/world.ts';
import { minuteMs, type Rig, startRig } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterEach(() => rig.world.authority.behave('registration', 'normal'));
afterAll(() => rig?.close());

describe('a cut-off of the partner during a rotation', () => {
  const gone = (verdicts: Readonly<Record<string, string>>) =>
    expect(new Set(Object.values(verdicts))).toEqual(new Set(['refused']));

  it('before the new key is made: the rotation is abandoned, and no key is published', async () => {
    const one = await rig.newClient();
    one.invoke.step = async (event) => {
      if (event.Step === 'createSecret' && (await one.rotation()).state === 'begun') await one.fence();
      await one.step(event);
    };
    await one.rotate();
    expect(one.steps).toEqual(['createSecret']);
    expect(await one.rotation()).toMatchObject({ state: 'resting', number: 1, current: one.client.keyId });
    expect(await one.published()).toEqual([one.client.keyId]);
    expect(await one.keyAt('AWSPENDING')).toBeUndefined();
  });

  it('while the new key is added to the inventory: that commit fails', async () => {
    let raised = false;
    const one = await rig.newClient(async (call, when, args) => {
      const writes = JSON.stringify(args);
      if (raised || call !== 'commit' || when !== 'before' || !writes.includes('add-credential')) return;
      raised = true;
      await one.fence();
    });
    await one.rotate();
    await rig.pass(10 * minuteMs);
    expect(raised).toBe(true);
    const pending = await one.keyAt('AWSPENDING');
    expect(await one.credential(String(pending))).toBeUndefined();
    expect(await one.rotation()).toMatchObject({ state: 'resting' });
    expect(await one.published()).toEqual([one.client.keyId]);
  });

  it('before setSecret: both keys are removed, and the rotation is abandoned', async () => {
    const one = await rig.newClient();
    let fenced = false;
    one.invoke.step = async (event) => {
      if (event.Step === 'setSecret' && !fenced) {
        fenced = true;
        await one.fence();
      }
      await one.step(event);
    };
    await one.rotate();
    expect(one.steps).toEqual(['createSecret', 'setSecret']);
    gone(await one.verdicts());
    // a step that read before the fence may still write: the rotation ends only when none can
    expect(await one.rotation()).toMatchObject({ state: 'created' });
    await rig.pass(5 * minuteMs);
    expect(await one.rotation()).toMatchObject({ state: 'resting', current: one.client.keyId });
    gone(await one.verdicts());
    expect((await one.entries()).at(-1)).toMatchObject({ facts: { step: 'abandoned', was: 'created' } });
  });

  it('during the update in setSecret: the keys that the update put back are removed again', async () => {
    let raised = false;
    const one = await rig.newClient(async (call, when, [, init]) => {
      if (raised || call !== 'fetch' || when !== 'before') return;
      if ((init as { method?: string } | undefined)?.method !== 'PUT') return;
      raised = true;
      await one.fence();
      // a worker of the cut-off does this at that moment, and the update then overwrites it
      const { verbs, at } = one.registration();
      await verbs.replaceKeys(await at(), [{ kty: 'EC', crv: 'P-256', kid: 'none', ...point, use: 'sig' }]);
    });
    await one.rotate();
    expect(raised).toBe(true);
    // in the same step: removing the keys must not wait for the next one
    expect(one.steps).toEqual(['createSecret', 'setSecret']);
    const pending = await one.keyAt('AWSPENDING');
    expect(Object.keys(await one.verdicts())).toEqual(expect.arrayContaining([one.client.keyId, pending]));
    gone(await one.verdicts());
    await rig.pass(5 * minuteMs);
    expect(await one.rotation()).toMatchObject({ state: 'resting' });
  });

  it('that ends before an older step has written: the key of that step is removed once more', async () => {
    let release = () => {};
    const held = new Promise<void>((done) => (release = done));
    let first: unknown;
    const one = await rig.newClient(async (call, when, [, init]) => {
      if (call !== 'fetch' || (init as { method?: string } | undefined)?.method !== 'PUT') return;
      first ??= init;
      if (init !== first) return;
      // the first update is on its way while everything else happens, and its worker dies with the answer
      if (when === 'before') await held;
      else throw new Error('killed');
    });
    let setting: RotationEvent | undefined;
    one.invoke.step = async (event) => {
      if (event.Step === 'setSecret') setting ??= event;
      await one.step(event);
    };
    const rotating = one.rotate();
    while (first === undefined) await new Promise((done) => setTimeout(done, 5));
    await one.fence();
    await expect(one.step(setting)).rejects.toThrow('it ends after one more check');
    release();
    await rotating;
    await rig.pass(8 * minuteMs);
    expect(await one.rotation()).toMatchObject({ state: 'resting' });
    gone(await one.verdicts());
  });

  it('whose keys cannot be removed yet: the rotation stays until they are', async () => {
    const one = await rig.newClient();
    let fenced = false;
    one.invoke.step = async (event) => {
      if (event.Step === 'testSecret' && !fenced) {
        fenced = true;
        await one.fence();
        await rig.world.authority.behave('registration', 'http-503');
      }
      await one.step(event);
    };
    await one.rotate();
    expect(await one.rotation()).toMatchObject({ state: 'published' });
    await rig.world.authority.behave('registration', 'normal');
    await rig.pass(8 * minuteMs);
    expect(await one.rotation()).toMatchObject({ state: 'resting' });
    gone(await one.verdicts());
  });
});

/** A point of P-256 without a known private key. */
const point = {
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
};
