import type { JWK } from 'jose';
import { createClientRegistration } from '../../../connectors/registration/client-registration.ts';
import { type Client, registrationSecretOf } from '../../../domain/rotation/client.ts';
import { RotationRefused } from '../rotation-refused.ts';
import type { RotateSecret } from './step.ts';

/** Changes the client's keys at its authority. Returns the keys that the authority says it has. */
export async function changeRegisteredKeys(
  client: Client,
  change: (keys: readonly JWK[]) => readonly JWK[],
  { registrationTokens, fetch }: Pick<RotateSecret, 'registrationTokens' | 'fetch'>,
): Promise<readonly JWK[]> {
  const accessToken = await registrationTokens.read(client.id);
  if (!accessToken)
    throw new RotationRefused(
      'no-registration-token',
      `there is no registration access token of ${client.id}: put it into the secret ${registrationSecretOf(client.id)}`,
    );
  const registration = createClientRegistration({
    fetch,
    keep: (next) => registrationTokens.keep(client.id, next.accessToken),
  });
  return (await registration.changeKeys({ clientUri: client.registrationUri, accessToken }, change)).keys;
}
