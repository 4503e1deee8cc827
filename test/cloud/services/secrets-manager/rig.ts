import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach } from 'vitest';
import { Clock } from '../../clock.ts';
import { Gateway } from '../../gateway.ts';
import { createSecretsManager, type SecretsManager } from './secrets-manager.ts';
import type { InvokeRotation } from './world.ts';

const ends: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A Secrets Manager for one test, behind the local cloud's door, and AWS's own client for it. */
export async function newWorld(invoke?: InvokeRotation): Promise<{
  readonly clock: Clock;
  readonly secretsManager: SecretsManager;
  readonly client: SecretsManagerClient;
}> {
  const clock = new Clock();
  let ids = 0;
  const secretsManager = createSecretsManager({
    clock,
    account: '000000000000',
    region: 'eu-west-1',
    newId: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
    ...(invoke && { invoke }),
  });
  const gateway = new Gateway(clock);
  gateway.add(secretsManager);
  gateway.admit({ accessKeyId: 'AKIATEST', name: 'test' });
  const client = new SecretsManagerClient({
    endpoint: await gateway.listen(),
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  ends.push(async () => {
    client.destroy();
    clock.stop();
    await gateway.close();
  });
  return { clock, secretsManager, client };
}

/** A version id of the length that AWS asks for. */
export function token(name: string): string {
  return name.padEnd(32, '-');
}
