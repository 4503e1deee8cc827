import type { JWK } from 'jose';
import { keySecretOf, registrationSecretOf } from '../../../lib/domain/rotation/client.ts';
import { makeAuthorityCertificates, startAuthority } from '../../authority/authority.ts';
import type { Registered } from '../../authority/messages.ts';
import type { Clock } from '../../cloud/clock.ts';
import {
  aggregatorClient,
  type ClientKey,
  clientOf,
  makeClientKey,
  operatorClient,
  operatorSecretOf,
  overlapSeconds,
  type PartnerName,
  partners,
} from '../cast.ts';
import { type Order, ordered } from '../operator.ts';
import type { Server } from './server.ts';

/** The bank's server, with the clients that it knows. */
export interface BankServer extends Server {
  /** Of Rescind's own client. */
  readonly operatorKey: JWK;
  /** Of the aggregator's server, which asks here about tokens that it is shown. */
  readonly inspectorKey: JWK;
  /** The partners' own clients, each with its first key. */
  readonly joined: Readonly<Record<PartnerName, Registered & { readonly key: ClientKey }>>;
}

export async function startBankServer(clock: Clock): Promise<BankServer> {
  const [operator, inspector] = [await makeClientKey(), await makeClientKey()];
  const certificates = await makeAuthorityCertificates();
  const authority = await startAuthority({
    clock,
    certificates,
    clients: [
      { id: operatorClient, jwk: operator.publicJwk, operator: true },
      { id: aggregatorClient, jwk: inspector.publicJwk, inspector: true },
    ],
  });
  // only a client that registered itself can have its keys changed by RFC 7592
  const join = async (id: PartnerName) => {
    const key = await makeClientKey();
    const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials'];
    return { ...(await authority.register({ id, jwk: key.publicJwk, grantTypes })), key };
  };
  return {
    id: 'bank',
    authority,
    ca: certificates.ca,
    auth: { method: 'private_key_jwt', clientId: operatorClient, secretName: operatorSecretOf('bank') },
    secret: JSON.stringify(operator.privateJwk),
    operatorKey: operator.privateJwk,
    inspectorKey: inspector.privateJwk,
    joined: { acme: await join('acme'), birch: await join('birch') },
  };
}

/** What has to be in Secrets Manager before the partners' clients rotate, by name. */
export const clientSecretsOf = ({ joined }: BankServer): readonly (readonly [string, string])[] =>
  partners.flatMap(({ id }) => [
    [keySecretOf(clientOf(id)), JSON.stringify(joined[id].key.privateJwk)],
    [registrationSecretOf(clientOf(id)), joined[id].registrationAccessToken],
  ]);

/** Registers the partners' clients, as `rescind register` does: their keys rotate from now on. */
export async function registerClients({ id: authority, joined }: BankServer, order: Order): Promise<void> {
  for (const { id: partner } of partners) {
    const { clientId, registrationClientUri: registrationUri, key } = joined[partner];
    const keyId = key.publicJwk.kid ?? '';
    const client = {
      id: clientOf(partner),
      revision: 1,
      partner,
      authority,
      strategy: 'private-key-jwt',
      clientId,
      registrationUri,
      keyId,
      overlapSeconds,
    } as const;
    await ordered('registered', order('alice', { command: 'register-client', client }));
  }
}
