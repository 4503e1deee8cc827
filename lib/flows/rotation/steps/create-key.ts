import { decideCreated } from '../../../domain/decisions/rotation/rotate.ts';
import { credentialId } from '../../../domain/ids.ts';
import type { Secret } from '../../../domain/secret.ts';
import { kidOf, makeClientKey, type PublicKey, publicHalfOf } from '../../../keys/client-key.ts';
import { commitStep } from './commit-step.ts';
import { RotationRefused } from '../rotation-refused.ts';
import type { RotateSecret, Step } from './step.ts';
import { rotationStamp } from '../stamp.ts';

/** The new key with its private half. */
export interface PendingKey extends PublicKey {
  readonly secret: Secret;
}

/**
 * createSecret: stores a new key as the pending version, once, and adds it to the inventory. Nothing uses it yet. If an
 * earlier attempt stored a key, that key is used.
 */
export async function createKey(step: Step, deps: RotateSecret): Promise<void> {
  await checkCurrent(step, deps);
  const pending = (await readPending(step, deps)) ?? (await putPending(step, deps));
  if (step.rotation.state !== 'begun') return checkPending(step, pending);
  const writes = decideCreated(step, credentialId(pending.kid), step.standing.above, rotationStamp(deps));
  await commitStep(step, 'created', writes, deps);
}

/** Reads the new key of a rotation that is past createSecret. Throws if it is not the key that was created. */
export async function readCreated(step: Step, deps: RotateSecret): Promise<PendingKey> {
  const pending = await readPending(step, deps);
  if (!pending) throw mismatch(step, 'has no value');
  checkPending(step, pending);
  return pending;
}

/** Throws unless the secret's current key is the one that the inventory names: otherwise the promotion would lose a key in use. */
export async function checkCurrent({ client, rotation, secretId }: Step, deps: RotateSecret): Promise<void> {
  const current = await deps.keys.read(secretId, { stage: 'AWSCURRENT' });
  if (current && kidOf(current) === rotation.current) return;
  const found = current ? (kidOf(current) ?? 'no JWK with a kid') : 'nothing';
  throw new RotationRefused(
    'current-mismatch',
    `the current key of ${client.id} is ${rotation.current}, but ${secretId} has ${found}: put ${rotation.current} back`,
  );
}

async function putPending(step: Step, deps: RotateSecret): Promise<PendingKey> {
  const made = await makeClientKey();
  const put = await deps.keys.putPending(step.secretId, step.token, made);
  const pending = put === 'put' ? asPending(step, made) : await readPending(step, deps);
  if (pending) return pending;
  throw new RotationRefused(
    'contended',
    `another run stored the new key of ${step.client.id}, and it cannot be read yet: the next attempt finds it`,
  );
}

async function readPending(step: Step, deps: RotateSecret): Promise<PendingKey | undefined> {
  const secret = await deps.keys.read(step.secretId, { stage: 'AWSPENDING', token: step.token });
  return secret && asPending(step, secret);
}

function asPending(step: Step, secret: Secret): PendingKey {
  const key = publicHalfOf(secret);
  if (key) return { ...key, secret };
  throw mismatch(step, 'has no key that Rescind made');
}

function checkPending(step: Step, { kid }: PublicKey): void {
  if (kid !== step.rotation.other) throw mismatch(step, `has key ${kid} in place of ${step.rotation.other}`);
}

const mismatch = ({ client, secretId, token }: Step, how: string): RotationRefused =>
  new RotationRefused(
    'pending-mismatch',
    `version ${token} of ${secretId} ${how}: the new key of ${client.id} was overwritten; restore it`,
  );
