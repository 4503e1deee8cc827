import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { Secret } from '../domain/secret.ts';

/** A value is served from memory for this long; whoever finds it outdated asks for a fresh one. */
const cacheMs = 300_000;

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

/** A reader that remembers values for five minutes, across the invocations of one function instance. */
export function cachedSecrets(client: SecretsManagerClient, now: () => number) {
  const known = new Map<string, { readonly value: Secret; readonly at: number }>();
  return async (id: string, options: { readonly fresh?: boolean } = {}): Promise<Secret> => {
    const cached = known.get(id);
    if (cached && !options.fresh && now() - cached.at < cacheMs) return cached.value;
    const value = await readSecret(client, id);
    if (!value) throw new Error(`secret ${id} has no current version: put its value first`);
    known.set(id, { value, at: now() });
    return value;
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
