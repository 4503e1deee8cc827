import {
  CancelRotateSecretCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdIdOf } from '../../../lib/domain/emergency/hold.ts';
import { keySecretOf } from '../../../lib/domain/rotation/client.ts';
import { rfc3339 } from '../../../lib/flows/flow.ts';
import { rotateDue } from '../../../lib/flows/rotation/rotate-due.ts';
import { rotationToken } from '../../../lib/flows/rotation/rotation-token.ts';
import { makeClientKey } from '../../../lib/keys/client-key.ts';
import { allSteps } from '../../cloud/services/secrets-manager/rotator.ts';
import { overlapSeconds } from './register-client.ts';
import { minuteMs, type Rig, type Rotated, startRig } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig?.close());

const dayMs = 86_400_000;
const errorsOf = (one: Rotated) => one.logged.filter(({ level }) => level === 'error');

describe('rotateDue', () => {
  it('leaves a rotation that is not due', async () => {
    const one = await rig.newClient();
    await one.rotate();
    const before = await rig.store.snapshot();
    await rig.pass((overlapSeconds - 60) * 1000);
    expect(await one.due()).toEqual({ looked: 0, failed: 0 });
    expect(await rig.store.snapshot()).toBe(before);
  });

  it('rotates once if two sweeps run at the same time', async () => {
    const one = await rig.newClient();
    const results = await Promise.all([one.due(), one.due()]);
    await rig.secretsManager.idle();
    expect(results.every(({ failed }) => failed === 0)).toBe(true);
    expect(one.steps).toEqual(allSteps);
    expect(await one.rotation()).toMatchObject({ state: 'overlap', number: 1 });
    expect((await one.entries()).filter(({ facts }) => facts['step'] === 'begun')).toHaveLength(1);
  });

  it('starts the rotation with its own token, and sets no rotation rules in Secrets Manager', async () => {
    const one = await rig.newClient();
    await one.rotate();
    const described = await one.describe();
    expect(described.VersionIdsToStages?.[rotationToken(one.client.id, 1)]).toContain('AWSCURRENT');
    expect(described).toMatchObject({ RotationEnabled: true });
    expect(described).not.toHaveProperty('RotationRules');
    expect(described).not.toHaveProperty('NextRotationDate');
  });

  it('retires the old key once, wakes its worker, and checks until the key is dead', async () => {
    const one = await rig.newClient();
    await one.rotate();
    await rig.pass(overlapSeconds * 1000);
    const results = await Promise.all([one.due(), one.due()]);
    expect(results.every(({ failed }) => failed === 0)).toBe(true);
    expect(one.chunks).toEqual([
      { case: `secret-retired/bank:${one.client.keyId}/1/1`, shard: 0, authority: 'bank' },
    ]);
    expect(await one.credential(one.client.keyId)).toMatchObject({ state: 'condemned' });
    expect(await one.rotation()).toMatchObject({ state: 'retiring' });
    await rig.pass(10 * minuteMs);
    await one.due();
    expect(await one.rotation()).toMatchObject({ state: 'retiring', number: 1 });
    // still published: no worker has run
    expect(await one.published()).toHaveLength(2);
  });

  it('moves the other clients although one of them fails', async () => {
    const [bad, good] = [await rig.newClient(), await rig.newClient()];
    const deps = {
      ...good.deps,
      rotations: {
        ...good.deps.rotations,
        async *due() {
          yield [bad.client.id];
          yield [good.client.id];
        },
      },
      keys: {
        ...good.deps.keys,
        rotate: async (id: string, token: string) => {
          if (id === keySecretOf(bad.client.id)) throw new Error('AccessDenied');
          return good.deps.keys.rotate(id, token);
        },
      },
    };
    expect(await rotateDue(deps)).toEqual({ looked: 2, failed: 1 });
    await rig.secretsManager.idle();
    expect(await good.rotation()).toMatchObject({ state: 'overlap' });
    expect(await bad.rotation()).toMatchObject({ state: 'begun' });
    expect(errorsOf(good)).toMatchObject([{ facts: { client: bad.client.id, reason: 'AccessDenied' } }]);
  });
});

describe('a rotation does not begin', () => {
  it.each(['partner', 'key'] as const)('while a hold on its %s is active', async (what) => {
    const one = await rig.newClient();
    const { partner, authority, keyId } = one.client;
    const subject =
      what === 'partner'
        ? ({ type: 'partner', id: partner } as const)
        : ({ type: 'credential', authority, id: keyId } as const);
    const at = rfc3339(rig.now());
    const hold = { id: holdIdOf(subject, '1'), subject, state: 'held', reason: 'r', by: 'a', at } as const;
    await rig.store.given({ kind: 'place-hold', hold, after: null });
    await one.rotate();
    expect(await one.rotation()).toMatchObject({ state: 'resting', number: 0 });
    expect(one.logged).toMatchObject([{ level: 'info', facts: { hold: hold.id } }, {}]);
    await rig.store.given({ kind: 'lift-hold', hold, by: 'b', at });
    await one.rotate();
    expect(await one.rotation()).toMatchObject({ state: 'resting' });
    await rig.pass(10 * minuteMs);
    await one.rotate();
    expect(await one.rotation()).toMatchObject({ state: 'overlap' });
  });

  it('if the partner is cut off', async () => {
    const one = await rig.newClient();
    await one.fence();
    await one.rotate();
    expect(one.steps).toEqual([]);
    const { state, dueAt } = await one.rotation();
    expect(state).toBe('resting');
    expect(Date.parse(dueAt)).toBeGreaterThan(rig.now() + dayMs - minuteMs);
  });

  it('if its current key was cut off, although the partner was readmitted', async () => {
    const one = await rig.newClient();
    const { partner, keyId } = one.client;
    await one.fence();
    const credential = await one.credential(keyId);
    if (!credential) throw new Error('no credential');
    await rig.store.given(
      { kind: 'register-partner', partner: { id: partner, name: 'Again', revision: 2 }, from: 1 },
      { kind: 'move-credential', credential, round: 1, from: 'live', to: 'condemned' },
    );
    await one.rotate();
    expect(await one.rotation()).toMatchObject({ state: 'resting', number: 0 });
  });

  it('begins if the partner was readmitted and the key is live', async () => {
    const one = await rig.newClient();
    await one.fence();
    const partner = { id: one.client.partner, name: 'Again', revision: 2 };
    await rig.store.given({ kind: 'register-partner', partner, from: 1 });
    await one.rotate();
    expect(await one.rotation()).toMatchObject({ state: 'overlap' });
  });
});

describe('a rotation that does not move', () => {
  it('is promoted in its row if Secrets Manager has already promoted the key', async () => {
    const one = await rig.newClient();
    let finished = false;
    one.invoke.step = async (event) => {
      if (finished) throw new Error('the function is gone');
      if (event.Step !== 'finishSecret') return one.step(event);
      finished = true;
      const { commit } = one.deps;
      one.deps.commit = async () => {
        throw new Error('killed');
      };
      await one.step(event).finally(() => {
        one.deps.commit = commit;
      });
    };
    await one.rotate();
    const fresh = await one.keyAt('AWSCURRENT');
    expect(fresh).not.toBe(one.client.keyId);
    expect(await one.rotation()).toMatchObject({ state: 'tested', current: one.client.keyId });
    await rig.pass(10 * minuteMs);
    await one.rotate();
    expect(await one.rotation()).toMatchObject({ state: 'overlap', current: fresh, other: one.client.keyId });
  });

  it('waits for an operator while another version is pending, and names that version', async () => {
    const one = await rig.newClient();
    const SecretId = keySecretOf(one.client.id);
    const hand = 'by-hand'.padEnd(32, '-');
    const SecretString = (await makeClientKey()).reveal();
    await rig.secrets.send(
      new PutSecretValueCommand({
        SecretId,
        SecretString,
        ClientRequestToken: hand,
        VersionStages: ['AWSPENDING'],
      }),
    );
    await one.rotate();
    expect(one.steps).toEqual([]);
    expect(errorsOf(one)).toMatchObject([
      { facts: { version: hand, todo: expect.stringContaining('AWSPENDING') } },
    ]);
    await rig.pass(10 * minuteMs);
    await one.rotate();
    expect(errorsOf(one)).toHaveLength(2);
    expect(await one.rotation()).toMatchObject({ state: 'begun', number: 1 });
    await rig.secrets.send(
      new UpdateSecretVersionStageCommand({
        SecretId,
        VersionStage: 'AWSPENDING',
        RemoveFromVersionId: hand,
      }),
    );
    await rig.pass(10 * minuteMs);
    await one.rotate();
    expect(await one.rotation()).toMatchObject({ state: 'overlap', number: 1 });
  });

  it('is not promoted in its row if somebody moved the label by hand: its key was never tested', async () => {
    const one = await rig.newClient();
    one.invoke.step = (event) =>
      event.Step === 'setSecret' ? Promise.reject(new Error('down')) : one.step(event);
    await one.rotate();
    const SecretId = keySecretOf(one.client.id);
    await rig.secrets.send(new CancelRotateSecretCommand({ SecretId }));
    const token = rotationToken(one.client.id, 1);
    const stages = Object.entries((await one.describe()).VersionIdsToStages ?? {});
    const current = stages.find(([, labels]) => labels.includes('AWSCURRENT'))?.[0];
    const move = (to: string, from: string | undefined) =>
      rig.secrets.send(
        new UpdateSecretVersionStageCommand({
          SecretId,
          VersionStage: 'AWSCURRENT',
          MoveToVersionId: to,
          RemoveFromVersionId: from,
        }),
      );
    await move(token, current);
    await rig.pass(10 * minuteMs);
    expect(await one.due()).toEqual({ looked: 1, failed: 1 });
    expect(await one.rotation()).toMatchObject({ state: 'created', current: one.client.keyId });
    expect(errorsOf(one).at(-1)).toMatchObject({
      facts: { reason: expect.stringContaining('must be tested before') },
    });
    await move(String(current), token);
    one.invoke.step = one.step;
    await rig.pass(10 * minuteMs);
    await one.rotate();
    expect(await one.rotation()).toMatchObject({ state: 'overlap' });
  });
});
