import { DescribeSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { keySecrets, registrationTokens } from '../../../lib/aws/secrets/client-secrets.ts';
import { createClientRegistration } from '../../../lib/connectors/registration/client-registration.ts';
import { tryKey } from '../../../lib/connectors/registration/try-key.ts';
import type { Authority } from '../../../lib/domain/inventory/authority.ts';
import { type Client, keySecretOf } from '../../../lib/domain/rotation/client.ts';
import { Secret } from '../../../lib/domain/secret.ts';
import { kidOf } from '../../../lib/keys/client-key.ts';
import type { World } from '../../authority/rig.ts';

const stages = ['AWSCURRENT', 'AWSPREVIOUS', 'AWSPENDING'] as const;

interface Seen {
  readonly client: Client;
  readonly first: Secret;
  readonly authority: Authority;
  readonly world: World;
  readonly secrets: SecretsManagerClient;
}

/** A client as an observer sees it. The observer keeps every key that was ever in the secret and uses it at the authority. */
export function viewsOf({ client, first, authority, world, secrets }: Seen) {
  const known = new Map<string, Secret>([[client.keyId, first]]);
  const keys = keySecrets(secrets);
  const tokens = registrationTokens(secrets);

  const keyAt = async (stage: (typeof stages)[number]): Promise<string | undefined> => {
    const key = await keys.read(keySecretOf(client.id), { stage });
    if (key) known.set(kidOf(key) ?? '', key);
    return key && kidOf(key);
  };
  const verdictOf = async (key: Secret) => {
    const { issuer, tokenEndpoint, revocationEndpoint } = authority;
    const at = { issuer, tokenEndpoint, revocationEndpoint, clientId: client.clientId };
    return (await tryKey({ ...at, key, fetch: world.fetch, now: () => world.clock.now() })).kind;
  };
  const registration = () => ({
    verbs: createClientRegistration({
      fetch: world.fetch,
      keep: (next) => tokens.keep(client.id, next.accessToken),
    }),
    at: async () => ({
      clientUri: client.registrationUri,
      accessToken: (await tokens.read(client.id)) ?? new Secret('none'),
    }),
  });
  return {
    describe: () => secrets.send(new DescribeSecretCommand({ SecretId: keySecretOf(client.id) })),
    /** The `kid` of the key with this label. */
    keyAt,
    /** The authority's answer to each key that was ever in the secret, by `kid`. */
    verdicts: async () => {
      await Promise.all(stages.map(keyAt));
      const found = await Promise.all(
        [...known].map(async ([kid, key]) => [kid, await verdictOf(key)] as const),
      );
      return Object.fromEntries(found);
    },
    /** The client's registration at the authority, for changes that bypass Rescind. */
    registration,
    /** The `kid`s at the authority. */
    published: async (): Promise<(string | undefined)[]> => {
      const { verbs, at } = registration();
      const { metadata } = await verbs.read(await at());
      const { keys: found } = metadata['jwks'] as { keys: readonly { kid?: string }[] };
      return found.map(({ kid }) => kid);
    },
  };
}
