import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { Clock } from '../cloud/clock.ts';
import { callerOf, tablesOf } from '../story/operator.ts';
import { startWorld, type World } from '../cloud/world.ts';
import { itemsOf, resourceOf } from './rig.ts';

describe('keep-keys', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ assembly: inject('assembly'), clock: new Clock() });
  });
  afterAll(() => world.close());

  const keyed = async () =>
    (await itemsOf(world, 'LEDGER')).filter(
      (item) => JSON.stringify(item).includes('entry#keys') && 'body' in item,
    );

  it('makes one pair and publishes its public half once, also when two run at once and again', async () => {
    const ends = await Promise.all([world.invoke('keep-keys', {}), world.invoke('keep-keys', {})]);
    ends.push(await world.invoke('keep-keys', {}));
    expect(ends.filter(({ ok }) => !ok)).toEqual([]);
    const secrets = new SecretsManagerClient(callerOf(world, 'operator'));
    const ids = [
      world.environment['RESCIND_HANDLE_KEY_SECRET'],
      world.environment['RESCIND_FINGERPRINT_KEY_SECRET'],
    ];
    for (const SecretId of ids) {
      const { Versions = [] } = await secrets.send(new ListSecretVersionIdsCommand({ SecretId }));
      expect(Versions).toHaveLength(1);
    }
    // its policy lets its callers in, and nobody else
    const credentials = world.admitRole(resourceOf(world, 'AWS::IAM::Role', 'KeepKeysRole').name);
    const keeper = new SecretsManagerClient({ ...callerOf(world, 'operator'), credentials });
    const { SecretString = '' } = await keeper.send(new GetSecretValueCommand({ SecretId: ids[0] }));
    const kept = JSON.parse(SecretString) as { keys: { kid: string; d: string }[] };
    const published = (await tablesOf(world).published.jwks()) ?? '';
    expect(JSON.parse(published)).toMatchObject({
      keys: [{ kid: kept.keys[0]?.kid, kty: 'EC', crv: 'P-256', use: 'enc' }],
    });
    expect(published).not.toContain(kept.keys[0]?.d);
    expect(await keyed()).toHaveLength(1);
  });

  it('is run by its schedule', async () => {
    const { name } = resourceOf(world, 'AWS::Scheduler::Schedule', 'KeepKeys');
    const runs: string[] = [];
    world.lambda.onInvocation(({ function: run }) => void runs.push(run));
    await world.scheduler.fire(name);
    expect(runs).toEqual([world.physicalName('keep-keys')]);
  });
});
