import { createClientKeysConnector } from '../../connectors/client-keys/client-keys-connector.ts';
import type { Connector } from '../../connectors/connector.ts';
import type { Fetch } from '../../connectors/egress.ts';
import type { Authority } from '../../domain/inventory/authority.ts';
import type { Credential } from '../../domain/inventory/credential.ts';
import type { ClientId, CredentialId, CredentialRef } from '../../domain/ids.ts';
import { type Client, keySecretOf } from '../../domain/rotation/client.ts';
import type { Rotation } from '../../domain/rotation/rotation.ts';
import type { Secret } from '../../domain/secret.ts';
import { kidOf } from '../../keys/client-key.ts';
import type { KeySecrets, RegistrationTokens, Stage } from '../rotation/client-secrets.ts';

/** The client whose keys must die; `guarded`: its current key must survive. */
export interface ClientKeys {
  readonly client: Client;
  /** See `ClientKeysOptions`. */
  readonly guarded: boolean;
}

export interface ConnectClient {
  readonly rotations: { find(client: ClientId): Promise<Rotation | undefined> };
  readonly credentials: { find(ref: CredentialRef): Promise<Credential | undefined> };
  readonly keys: Pick<KeySecrets, 'read'>;
  readonly registrationTokens: RegistrationTokens;
  readonly fetch: Fetch;
  readonly now: () => number;
}

/** Returns the connector for a client's keys, with its secrets and its state in the inventory. */
export function connectClient(
  authority: Authority,
  { client, guarded }: ClientKeys,
  { rotations, credentials, keys, registrationTokens, fetch, now }: ConnectClient,
): Connector {
  return createClientKeysConnector(
    { client, authority },
    {
      fetch,
      now,
      privateKey: findPrivateKey(client, keys),
      living: () => findLivingKey(client, { rotations, credentials }),
      registrationToken: {
        read: () => registrationTokens.read(client.id),
        keep: (next) => registrationTokens.keep(client.id, next),
      },
    },
    { guarded },
  );
}

/** Finds the current key, unless it is condemned too. */
async function findLivingKey(
  { id, authority }: Client,
  { rotations, credentials }: Pick<ConnectClient, 'rotations' | 'credentials'>,
): Promise<CredentialId | undefined> {
  const rotation = await rotations.find(id);
  const current = rotation && (await credentials.find({ authority, id: rotation.current }));
  return current?.state === 'live' ? current.id : undefined;
}

const stages = ['AWSCURRENT', 'AWSPREVIOUS', 'AWSPENDING'] as const satisfies readonly Stage[];

/** Finds the private key of a `kid`. The versions are read once, and again for a `kid` that is not among them. */
function findPrivateKey({ id }: Client, keys: Pick<KeySecrets, 'read'>) {
  let known = new Map<string, Secret>();
  return async (kid: CredentialId): Promise<Secret | undefined> => {
    if (!known.has(kid)) {
      const found = await Promise.all(stages.map((stage) => keys.read(keySecretOf(id), { stage })));
      known = new Map(found.flatMap((key) => (key ? [[kidOf(key) ?? '', key] as const] : [])));
    }
    return known.get(kid);
  };
}
