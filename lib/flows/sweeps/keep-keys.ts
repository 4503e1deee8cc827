import { recorded } from '../../domain/transaction/stamp.ts';
import type { Secret } from '../../domain/secret.ts';
import { makeFingerprintKey, makeHandleKeys, publicHalf, readHandleKeys } from '../../keys/key-pair.ts';
import * as z from 'zod';
import { type Recorder, stampOf } from '../flow.ts';

/** The JWK set that was published before: public, and our own JSON. */
const published = z.object({ keys: z.array(z.object({ kid: z.string() })).min(1) });

export interface KeepKeys extends Omit<Recorder, 'send'> {
  readonly handleKeys: KeptSecret;
  readonly fingerprintKey: KeptSecret;
  readonly published: { jwks(): Promise<string | undefined> };
}

/** A secret whose first value stays. */
export interface KeptSecret {
  read(): Promise<Secret | undefined>;
  /** Writes the first value; changes nothing if another run was first. */
  writeFirst(value: Secret): Promise<void>;
}

/**
 * Makes the P-256 key pair for handles and the fingerprint key if they are missing, and publishes the public
 * JWK set. May run any number of times, also concurrently: the first value that was written stays.
 */
export async function keepKeys(
  deps: KeepKeys,
): Promise<{ readonly keyId: string; readonly published: boolean }> {
  await kept(deps.fingerprintKey, () => Promise.resolve(makeFingerprintKey()));
  const handleKeys = readHandleKeys(await kept(deps.handleKeys, makeHandleKeys));
  const jwks = JSON.stringify(publicHalf(handleKeys));
  const keyId = handleKeys.keys[0]?.kid ?? '';
  const before = await deps.published.jwks();
  if (before === jwks) return { keyId, published: false };
  const from = before === undefined ? null : (published.parse(JSON.parse(before)).keys[0]?.kid ?? null);
  const writes = recorded(
    [{ kind: 'publish-keys', jwks, keyId, from }],
    { kind: 'keyed', subject: 'keys', facts: { keyId } },
    stampOf(deps),
  );
  const committed = await deps.commit(writes);
  if (committed.ok) deps.log.info('public keys published', { keyId });
  return { keyId, published: committed.ok };
}

async function kept(secret: KeptSecret, make: () => Promise<Secret>): Promise<Secret> {
  const known = await secret.read();
  if (known) return known;
  await secret.writeFirst(await make());
  const first = await secret.read();
  if (!first)
    throw new Error(
      'a key secret was written and cannot be read: check that one of its versions has the label AWSCURRENT',
    );
  return first;
}
