import {
  PutSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { keySecretOf } from '../../../lib/domain/rotation/client.ts';
import { rotationToken } from '../../../lib/flows/rotation/rotation-token.ts';
import { makeClientKey } from '../../../lib/keys/client-key.ts';
import { allSteps } from '../../cloud/services/secrets-manager/rotator.ts';
import { functionArn, minuteMs, type Rig, startRig } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterEach(() => rig.world.authority.behave('registration', 'normal'));
afterAll(() => rig?.close());

const hand = 'by-hand'.padEnd(32, '-');

describe('a rotation by Secrets Manager', () => {
  it('ends with the new key in use, the old key still working, and every step in the ledger', async () => {
    const one = await rig.newClient();
    const { client } = one;
    await one.rotate();
    expect(one.steps).toEqual(allSteps);
    const rotation = await one.rotation();
    const fresh = await one.keyAt('AWSCURRENT');
    expect(rotation).toMatchObject({ state: 'overlap', number: 1, current: fresh, other: client.keyId });
    expect(fresh).not.toBe(client.keyId);
    expect(await one.keyAt('AWSPREVIOUS')).toBe(client.keyId);
    expect(await one.verdicts()).toEqual({ [client.keyId]: 'accepted', [String(fresh)]: 'accepted' });
    expect(new Set(await one.published())).toEqual(new Set([client.keyId, fresh]));
    expect(await one.credential(String(fresh))).toMatchObject({
      state: 'live',
      kind: 'signing_key',
      client: client.id,
      replaces: { id: client.keyId },
    });
    const entries = await one.entries();
    expect(entries.map(({ kind, facts }) => [kind, facts['step']])).toEqual([
      ['rotating', 'begun'],
      ['issued', undefined],
      ['rotating', 'published'],
      ['rotating', 'tested'],
      ['rotated', undefined],
    ]);
  });

  it('tests the new key with an assertion for the audience that the authority expects', async () => {
    const other = await startRig({ assertionAudience: 'token-endpoint' });
    try {
      const one = await other.newClient();
      await one.rotate();
      expect(one.steps).toEqual(allSteps);
      expect(await one.rotation()).toMatchObject({ state: 'overlap' });
    } finally {
      await other.close();
    }
  });

  it('publishes no private member of a key, and writes no key to ledger or log', async () => {
    const one = await rig.newClient();
    const sent: string[] = [];
    one.deps.fetch = async (target, init) => {
      if (init?.method === 'PUT') sent.push(String(init.body));
      return rig.world.fetch(target, init);
    };
    await one.rotate();
    const keys = await Promise.all(
      (['AWSCURRENT', 'AWSPREVIOUS'] as const).map((stage) =>
        one.deps.keys.read(keySecretOf(one.client.id), { stage }),
      ),
    );
    const private_ = keys.map((key) => (JSON.parse(key?.reveal() ?? '{}') as { d: string }).d);
    expect(sent).toHaveLength(1);
    const shown = JSON.stringify([sent, await one.entries(), one.logged]) + (await rig.store.snapshot());
    for (const d of private_) {
      expect(d.length).toBeGreaterThan(20);
      expect(shown).not.toContain(d);
    }
  });

  it('does nothing when a step is repeated after the end', async () => {
    const one = await rig.newClient();
    await one.rotate();
    const before = await rig.store.snapshot();
    for (const Step of [...allSteps, ...allSteps])
      await one.step({
        Step,
        SecretId: (await one.describe()).ARN,
        ClientRequestToken: rotationToken(one.client.id, 1),
      });
    expect(await rig.store.snapshot()).toBe(before);
  });

  it('takes steps as the User Guide prints them', async () => {
    const one = await rig.newClient();
    one.invoke.step = (event) => one.step({ ...event, Step: event.Step.replace('Secret', '_secret') });
    await one.rotate();
    expect(await one.rotation()).toMatchObject({ state: 'overlap' });
  });

  it('ends as one rotation if each step runs twice at the same time', async () => {
    const one = await rig.newClient();
    one.invoke.step = async (event) => {
      const runs = await Promise.allSettled([one.step(event), one.step(event)]);
      if (runs.every(({ status }) => status === 'rejected')) throw new Error('both failed');
    };
    await one.rotate();
    const rotation = await one.rotation();
    expect(rotation).toMatchObject({ state: 'overlap', number: 1 });
    expect(new Set(await one.published())).toEqual(new Set([rotation.current, rotation.other]));
    expect((await one.entries()).map(({ kind }) => kind)).toEqual([
      'rotating',
      'issued',
      'rotating',
      'rotating',
      'rotated',
    ]);
    expect(await one.verdicts()).toEqual({
      [rotation.current]: 'accepted',
      [String(rotation.other)]: 'accepted',
    });
  });
});

describe('a rotation that Rescind did not begin', () => {
  it('passes as the test of a configuration, and calls no authority', async () => {
    const calls: string[] = [];
    const one = await rig.newClient(async (call) => void calls.push(call));
    await rig.secrets.send(
      new RotateSecretCommand({
        SecretId: keySecretOf(one.client.id),
        RotationLambdaARN: functionArn,
        RotateImmediately: false,
      }),
    );
    await rig.secretsManager.idle();
    expect(one.steps).toEqual(['testSecret']);
    expect(one.logged.filter(({ level }) => level === 'error')).toEqual([]);
    expect(calls).toEqual([]);
  });

  it('is refused if somebody rotates in the console: nothing is changed, and the log says what to do', async () => {
    const one = await rig.newClient();
    const before = await one.rotation();
    await rig.secrets.send(
      new RotateSecretCommand({
        SecretId: keySecretOf(one.client.id),
        RotationLambdaARN: functionArn,
        ClientRequestToken: hand,
      }),
    );
    await rig.secretsManager.idle();
    expect(one.steps).toEqual(['createSecret']);
    expect(one.logged).toMatchObject([
      { level: 'error', facts: { error: 'RotationRefused', reason: expect.stringContaining(hand) } },
    ]);
    expect(await one.rotation()).toEqual(before);
    expect(await one.keyAt('AWSPENDING')).toBeUndefined();
    expect(await one.published()).toEqual([one.client.keyId]);
  });

  it('is refused if the current key is not the one that the inventory names', async () => {
    const one = await rig.newClient();
    await rig.secrets.send(
      new PutSecretValueCommand({
        SecretId: keySecretOf(one.client.id),
        SecretString: (await makeClientKey()).reveal(),
        ClientRequestToken: hand,
      }),
    );
    await one.rotate();
    expect(await one.rotation()).toMatchObject({ state: 'begun' });
    expect(one.logged.at(-1)).toMatchObject({
      level: 'error',
      facts: { reason: expect.stringContaining(one.client.keyId) },
    });
    expect(await one.published()).toEqual([one.client.keyId]);
  });

  it.each([
    ['of a version that is not there', async () => {}, 'has no version'],
    [
      'of a version that is no longer pending',
      async (id: string, token: string) => {
        await rig.secrets.send(
          new UpdateSecretVersionStageCommand({
            SecretId: id,
            VersionStage: 'AWSPENDING',
            RemoveFromVersionId: token,
          }),
        );
        await rig.secrets.send(
          new UpdateSecretVersionStageCommand({ SecretId: id, VersionStage: 'mine', MoveToVersionId: token }),
        );
      },
      'is not AWSPENDING',
    ],
  ] as const)('is refused as a step %s', async (what, disturb, says) => {
    const one = await rig.newClient();
    one.invoke.step = async () => {
      throw new Error('not now');
    };
    await one.rotate();
    const [id, token] = [keySecretOf(one.client.id), rotationToken(one.client.id, 1)];
    await disturb(id, token);
    const SecretId = (await one.describe()).ARN;
    const ClientRequestToken = what.includes('not there') ? hand : token;
    await expect(one.step({ Step: 'createSecret', SecretId, ClientRequestToken })).rejects.toThrow(says);
  });

  it('is refused for a secret whose rotation is turned off', async () => {
    const one = await rig.newClient();
    const SecretId = (await one.describe()).ARN;
    await expect(
      one.step({ Step: 'createSecret', SecretId, ClientRequestToken: hand }),
    ).rejects.toMatchObject({ code: 'not-enabled' });
  });
});

describe('a server that lies about the update', () => {
  it('never reaches finishSecret, and is rotated at once when it tells the truth', async () => {
    const one = await rig.newClient();
    await rig.world.authority.behave('registration', 'lie-200');
    await one.rotate();
    await rig.pass(60 * minuteMs);
    expect(one.steps).not.toContain('finishSecret');
    expect(one.steps.filter((step) => step === 'testSecret')).toHaveLength(5);
    expect(await one.rotation()).toMatchObject({ state: 'published', current: one.client.keyId });
    expect(await one.keyAt('AWSCURRENT')).toBe(one.client.keyId);
    expect((await one.verdicts())[one.client.keyId]).toBe('accepted');
    await rig.world.authority.behave('registration', 'normal');
    await one.rotate();
    expect(await one.rotation()).toMatchObject({ state: 'overlap' });
    expect(new Set(Object.values(await one.verdicts()))).toEqual(new Set(['accepted']));
  });
});
