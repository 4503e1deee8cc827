import type { Authority } from '../../../lib/domain/inventory/authority.ts';
import { clientId, credentialId, partnerId } from '../../../lib/domain/ids.ts';
import { type Client, keySecretOf, registrationSecretOf } from '../../../lib/domain/rotation/client.ts';
import type { Secret } from '../../../lib/domain/secret.ts';
import { rfc3339 } from '../../../lib/flows/flow.ts';
import { makeClientKey, publicHalfOf } from '../../../lib/keys/client-key.ts';
import type { SecretsManager } from '../../cloud/services/secrets-manager/secrets-manager.ts';
import { fresh, type World as Store } from '../../aws/world.ts';
import type { World } from '../../authority/rig.ts';

export const overlapSeconds = 300;

interface Places {
  readonly world: World;
  readonly store: Store;
  readonly secretsManager: SecretsManager;
  readonly authority: Authority;
}

/** A client with one key: at the authority, in its secret, and in the inventory. Its first rotation is due. */
export async function registerClient({ world, store, secretsManager, authority }: Places): Promise<{
  readonly client: Client;
  readonly first: Secret;
}> {
  const name = fresh('client');
  const first = await makeClientKey();
  const half = publicHalfOf(first);
  if (!half) throw new Error('no key was made');
  const registered = await world.authority.register({
    id: name,
    jwk: half.jwk,
    grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'],
  });
  const client: Client = {
    id: clientId(name),
    revision: 1,
    partner: partnerId(`partner-of-${name}`),
    authority: authority.id,
    strategy: 'private-key-jwt',
    clientId: registered.clientId,
    registrationUri: registered.registrationClientUri,
    keyId: credentialId(half.kid),
    overlapSeconds,
    everySeconds: 86_400,
  };
  secretsManager.createSecret({ name: keySecretOf(name), value: first.reveal() });
  secretsManager.createSecret({
    name: registrationSecretOf(name),
    value: registered.registrationAccessToken,
  });
  const { id, partner, keyId } = client;
  const key = { authority: authority.id, id: keyId, kind: 'signing_key', partner, client: id } as const;
  const dueAt = rfc3339(store.clock.now());
  await store.given(
    { kind: 'register-partner', partner: { id: partner, name: 'A partner', revision: 1 }, from: null },
    { kind: 'register-client', client, from: null },
    {
      kind: 'move-rotation',
      from: null,
      to: { client: id, number: 0, state: 'resting', current: keyId, dueAt },
    },
    { kind: 'add-credential', credential: { ...key, state: 'live', round: 1 } },
  );
  return { client, first };
}
