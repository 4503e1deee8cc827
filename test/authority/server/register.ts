import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import type Provider from 'oidc-provider';
import * as z from 'zod';
import { toMetadata } from './clients.ts';
import type { NewClient, Registered } from '../messages.ts';

interface RegistrarDeps {
  readonly issuer: string;
  /** PEM; vouches for the server. */
  readonly ca: string;
  readonly initialAccessToken: string;
}

const clientInformation = z.object({
  client_id: z.string(),
  registration_client_uri: z.string(),
  registration_access_token: z.string(),
});

/**
 * Registers a client at its own server by HTTP (RFC 7591), as a partner would: only such a client can be managed.
 * Rejects for an id that is taken, because registering it again would overwrite its owner.
 */
export function createRegistrar(
  provider: Provider,
  { issuer, ca, initialAccessToken }: RegistrarDeps,
): (client: NewClient) => Promise<Registered> {
  return async (client) => {
    if (await provider.Client.find(client.id)) throw new Error(`a client ${client.id} is registered already`);
    const { client_id: _chosenByServer, ...metadata } = toMetadata(client);
    const sent = request(`${issuer}/reg`, {
      method: 'POST',
      ca,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${initialAccessToken}` },
    });
    sent.end(JSON.stringify({ ...metadata, client_name: client.id }));
    const [status, body] = await new Promise<[number, string]>((resolve, reject) => {
      sent.on('error', reject);
      sent.on('response', (answer) => {
        text(answer).then((whole) => resolve([answer.statusCode ?? 0, whole]), reject);
      });
    });
    if (status !== 201) throw new Error(`the server did not register ${client.id}: it answered ${status}`);
    const registered = clientInformation.parse(JSON.parse(body));
    return {
      clientId: registered.client_id,
      registrationClientUri: registered.registration_client_uri,
      registrationAccessToken: registered.registration_access_token,
    };
  };
}
