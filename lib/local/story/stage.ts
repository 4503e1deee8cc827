import type { JWK } from 'jose';
import { createEgress } from '../../connectors/egress.ts';
import { keySecretOf, registrationSecretOf } from '../../domain/rotation/client.ts';
import type { KeySet } from '../../keys/handle.ts';
import type { FunctionName } from '../../wire/environment.ts';
import { type LocalAuthority, makeAuthorityCertificates, startAuthority } from '../authority/authority.ts';
import type { Registered } from '../authority/messages.ts';
import { createPartnerClient, type PartnerClient } from '../authority/partner-client.ts';
import { Clock } from '../clock.ts';
import { startWorld, type World } from '../world.ts';
import { type Bank, createBank } from './bank.ts';
import {
  clientOf,
  makeClientKey,
  operatorClient,
  operatorSecret,
  overlapSeconds,
  type PartnerName,
  partners,
} from './cast.ts';
import { observe, type Observer } from './observer.ts';
import { eventsOf, type Order, ordered, ordersOf, tablesOf } from './operator.ts';

/** Everything that the story is played on. */
export interface Stage {
  readonly world: World;
  readonly authority: LocalAuthority;
  readonly observer: Observer;
  readonly tables: ReturnType<typeof tablesOf>;
  readonly order: Order;
  readonly bank: Bank;
  /** The partners' own clients at the bank's server, by partner, each with its first key. */
  readonly clients: Readonly<Record<PartnerName, PartnerClient>>;
  /** Acme's client with another key. */
  readonly acmeWith: (key: JWK) => Promise<PartnerClient>;
  /** A client that may introspect any token. */
  readonly auditor: PartnerClient;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly assembly: string;
  readonly bundles?: Partial<Record<FunctionName, string>>;
}

/** Brings up the world and the bank's server, lets keep-keys run; an operator registers partners, authority and client. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const clock = new Clock();
  const keys = { acme: await makeClientKey(), birch: await makeClientKey(), operator: await makeClientKey() };
  const certificates = await makeAuthorityCertificates();
  const authority = await startAuthority({
    clock,
    certificates,
    clients: [{ id: operatorClient, jwk: keys.operator.publicJwk, operator: true }],
  });
  // only a client that registered itself can have its keys changed by RFC 7592
  const join = (id: PartnerName) =>
    authority.register({
      id,
      jwk: keys[id].publicJwk,
      grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'],
    });
  const joined = { acme: await join('acme'), birch: await join('birch') };
  const egress = [{ host: new URL(authority.issuer).host, addresses: ['127.0.0.0/8'], ca: certificates.ca }];
  const world = await startWorld({ ...options, clock, egress });
  const observer = observe(world);
  const { fetch } = createEgress({ rules: egress });
  const client = (clientId: string, key: JWK) =>
    createPartnerClient({
      issuer: authority.issuer,
      endpoints: authority.endpoints,
      clientId,
      key,
      fetch,
      now: () => clock.now(),
    });
  const secret = (name: string, value: string) => world.secrets.createSecret({ name, value });
  secret(operatorSecret, JSON.stringify(keys.operator.privateJwk));
  for (const { id } of partners) {
    secret(keySecretOf(clientOf(id)), JSON.stringify(keys[id].privateJwk));
    secret(registrationSecretOf(clientOf(id)), joined[id].registrationAccessToken);
  }
  const kept = await world.invoke('keep-keys', {});
  if (!kept.ok) throw new Error(`keep-keys failed: ${kept.error.errorMessage}`);
  const order = ordersOf(world);
  const keyIds = { acme: keys.acme.publicJwk.kid ?? '', birch: keys.birch.publicJwk.kid ?? '' };
  await register({ authority, joined, keyIds }, order);
  const tables = tablesOf(world);
  const bank = createBank({
    events: eventsOf(world, 'bank'),
    bus: world.environment['RESCIND_BUS'] ?? '',
    authority: 'bank',
    keys: JSON.parse((await tables.published.jwks()) ?? '{"keys":[]}') as KeySet,
    now: () => clock.now(),
  });
  return {
    world,
    authority,
    observer,
    tables,
    order,
    bank,
    clients: {
      acme: await client('acme', keys.acme.privateJwk),
      birch: await client('birch', keys.birch.privateJwk),
    },
    acmeWith: (key) => client('acme', key),
    auditor: await client(operatorClient, keys.operator.privateJwk),
    close: async () => {
      await world.close();
      await authority.close();
    },
  };
}

/** As `rescind register` does. */
async function register(
  bank: {
    readonly authority: LocalAuthority;
    readonly joined: Readonly<Record<PartnerName, Registered>>;
    readonly keyIds: Readonly<Record<PartnerName, string>>;
  },
  order: Order,
): Promise<void> {
  const { authority, joined, keyIds } = bank;
  const { token, revocation, introspection } = authority.endpoints;
  for (const partner of partners)
    await ordered('registered', order('alice', { command: 'register-partner', partner }));
  const server = {
    id: 'bank',
    revision: 1,
    kind: 'oauth',
    role: 'operator',
    issuer: authority.issuer,
    tokenEndpoint: token,
    revocationEndpoint: revocation,
    introspectionEndpoint: introspection,
    auth: { method: 'private_key_jwt', clientId: operatorClient, secretName: operatorSecret },
  } as const;
  await ordered('registered', order('alice', { command: 'register-authority', authority: server }));
  for (const { id: partner } of partners) {
    const client = {
      id: clientOf(partner),
      revision: 1,
      partner,
      authority: 'bank',
      strategy: 'private-key-jwt',
      clientId: joined[partner].clientId,
      registrationUri: joined[partner].registrationClientUri,
      keyId: keyIds[partner],
      overlapSeconds,
    } as const;
    await ordered('registered', order('alice', { command: 'register-client', client }));
  }
}
