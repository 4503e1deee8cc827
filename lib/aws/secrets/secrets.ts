import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { Secret } from '../../domain/secret.ts';

/** A value is cached for this long. A caller that finds it outdated asks for a fresh one. */
const cacheMs = 300_000;

/** Cached values: more than the authorities that one function instance calls. */
const valuesMax = 100;

/**
 * Shortest time between two reads of one secret that bypass the cache: an authority that refuses every client then costs two reads a
 * minute, not one for each refusal. A secret that rotates twice within this time is refused for the rest of it.
 */
const freshMs = 30_000;

/** The token of the first version of every secret of Rescind's own. Two concurrent writers with one token make one version. */
const firstVersion = 'rescind-first-version-0000000000000001';

/** Reads a secret value by name or ARN. Returns undefined where there is no current version. */
async function readSecret(client: SecretsManagerClient, id: string): Promise<Secret | undefined> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }));
    return SecretString === undefined ? undefined : new Secret(SecretString);
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

interface Known {
  readonly value: Secret;
  readonly at: number;
  /** Time of the last read that bypassed the cache, also of a failed one. */
  readonly freshAt: number;
}

/**
 * Returns a reader that caches values for five minutes, across the invocations of one function instance: at most a hundred, and the
 * least recently used is dropped first. Concurrent reads of one secret are one call, and a failed read is not cached.
 * `fresh` bypasses the cache, at most once in 30 seconds for each secret.
 */
export function cachedSecrets(client: SecretsManagerClient, now: () => number) {
  /** Least recently used first. */
  const known = new Map<string, Known>();
  const reading = new Map<string, Promise<Secret>>();

  function keep(id: string, entry: Known): void {
    known.delete(id);
    known.set(id, entry);
    const [oldest] = known.keys();
    if (known.size > valuesMax && oldest !== undefined) known.delete(oldest);
  }

  async function read(id: string, freshAt: number): Promise<Secret> {
    const at = now();
    const value = await readSecret(client, id);
    if (!value) throw new Error(`secret ${id} has no current version: put its value first`);
    keep(id, { value, at, freshAt: Math.max(freshAt, known.get(id)?.freshAt ?? -Infinity) });
    return value;
  }

  return async (id: string, { fresh = false }: { readonly fresh?: boolean } = {}): Promise<Secret> => {
    const found = known.get(id);
    const past = fresh && now() - (found?.freshAt ?? -Infinity) >= freshMs;
    const freshAt = past ? now() : (found?.freshAt ?? -Infinity);
    // noted before the read, so that an unreadable secret is not read again at each refusal either
    if (found) keep(id, { ...found, freshAt });
    if (found && !past && now() - found.at < cacheMs) return found.value;
    const running = reading.get(id) ?? read(id, freshAt).finally(() => reading.delete(id));
    reading.set(id, running);
    return running;
  };
}

/** A secret that is written once; implements `KeptSecret` of the flow keep-keys. */
export const keptSecret = (client: SecretsManagerClient, id: string) => ({
  read: () => readSecret(client, id),
  writeFirst: async (value: Secret): Promise<void> => {
    try {
      const SecretString = value.reveal();
      await client.send(
        new PutSecretValueCommand({ SecretId: id, SecretString, ClientRequestToken: firstVersion }),
      );
    } catch (error) {
      // a concurrent run wrote another value under the same token, and that value stays
      if (!(error instanceof ResourceExistsException)) throw error;
    }
  },
});
