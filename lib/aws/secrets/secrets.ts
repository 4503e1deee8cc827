import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { Secret } from '../../domain/secret.ts';

/** A value is served from memory for this long; whoever finds it outdated asks for a fresh one. */
const cacheMs = 300_000;

/** More authorities than one function instance speaks to; more values than this are not kept in memory. */
const valuesMax = 100;

/**
 * One secret is read past the cache at most this often: an authority that refuses every client makes two calls a minute of
 * it, not one for each refusal. A secret that rotates twice within this time is refused for the rest of it.
 */
const freshMs = 30_000;

/** The first version of every secret of ours bears this token: two writers at once make one version. */
const firstVersion = 'rescind-first-version-0000000000000001';

/** Reads secret values by name or ARN; undefined where there is no current version. */
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
  /** Last read past the cache, also where that failed. */
  readonly freshAt: number;
}

/**
 * A reader that remembers values for five minutes, across the invocations of one function instance: at most a hundred, the
 * least recently used goes first. Reads of one secret at the same time are one call; a failed one is not remembered.
 * `fresh` reads past the memory, but not more often than each 30 seconds.
 */
export function cachedSecrets(client: SecretsManagerClient, now: () => number) {
  /** In the order of their use. */
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
    // counted before it is read: what cannot be read is not asked for at each refusal either
    if (found) keep(id, { ...found, freshAt });
    if (found && !past && now() - found.at < cacheMs) return found.value;
    const running = reading.get(id) ?? read(id, freshAt).finally(() => reading.delete(id));
    reading.set(id, running);
    return running;
  };
}

/** A secret that is written once: see `KeptSecret` of the flow keep-keys. */
export const keptSecret = (client: SecretsManagerClient, id: string) => ({
  read: () => readSecret(client, id),
  writeFirst: async (value: Secret): Promise<void> => {
    try {
      const SecretString = value.reveal();
      await client.send(
        new PutSecretValueCommand({ SecretId: id, SecretString, ClientRequestToken: firstVersion }),
      );
    } catch (error) {
      // another run wrote another value under the same token, and its value stays
      if (!(error instanceof ResourceExistsException)) throw error;
    }
  },
});
