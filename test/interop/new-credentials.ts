import { randomBytes } from 'node:crypto';
import { newKeyPair } from '../authority/rig.ts';
import { type ClientName, clientNames, type Credentials } from './server.ts';

/** A key and a secret for each client, whatever it is registered with. */
export async function newCredentials(): Promise<Readonly<Record<ClientName, Credentials>>> {
  const pairs = await Promise.all(
    clientNames.map(async (name) => {
      const { privateJwk } = await newKeyPair();
      return [name, { key: privateJwk, secret: newSecret() }] as const;
    }),
  );
  return Object.fromEntries(pairs) as Record<ClientName, Credentials>;
}

/** With what has to be encoded in a header and in a form. */
export const newSecret = (): string => `${randomBytes(24).toString('base64')} +%:&=~`;
