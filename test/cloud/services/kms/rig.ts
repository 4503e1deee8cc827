import { KMSClient } from '@aws-sdk/client-kms';
import { onTestFinished } from 'vitest';
import { Clock } from '../../clock.ts';
import { Gateway } from '../../gateway.ts';
import { createKms, type Kms } from './kms.ts';

export const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab';
export const keyArn = `arn:aws:kms:eu-west-1:000000000000:key/${keyId}`;
export const aliasArn = 'arn:aws:kms:eu-west-1:000000000000:alias/ledger';
export const symmetricArn = 'arn:aws:kms:eu-west-1:000000000000:key/tables';

/** A KMS with a key that signs, called `alias/ledger`, one that does not, and AWS's own client for it. */
export async function newWorld(): Promise<{
  readonly clock: Clock;
  readonly kms: Kms;
  readonly client: KMSClient;
}> {
  const clock = new Clock();
  let ids = 0;
  const kms = createKms({
    clock,
    account: '000000000000',
    region: 'eu-west-1',
    newId: () => `key-${(ids += 1)}`,
  });
  kms.createKey({ id: keyId, spec: 'ECC_NIST_P256', usage: 'SIGN_VERIFY' });
  kms.createAlias('alias/ledger', keyId);
  kms.createKey({ id: 'tables', spec: 'SYMMETRIC_DEFAULT', usage: 'ENCRYPT_DECRYPT' });
  const gateway = new Gateway(clock);
  gateway.add(kms);
  gateway.admit({ accessKeyId: 'AKIATEST', name: 'test' });
  const client = new KMSClient({
    endpoint: await gateway.listen(),
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    client.destroy();
    clock.stop();
    await gateway.close();
  });
  return { clock, kms, client };
}
