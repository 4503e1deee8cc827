import type { JWK } from 'jose';
import { createEgress } from '../../lib/connectors/egress.ts';
import type { KeySet } from '../../lib/keys/handle.ts';
import type { FunctionName } from '../../lib/wire/environment.ts';
import type { LocalAuthority } from '../authority/authority.ts';
import type { PartnerClient } from '../authority/partner-client.ts';
import { Clock } from '../cloud/clock.ts';
import { startWorld, type World } from '../cloud/world.ts';
import { type Bank, createBank } from './bank.ts';
import { operatorClient, operators, type PartnerName, partners } from './cast.ts';
import { observe, type Observer } from './observer.ts';
import { eventsOf, type Order, ordered, ordersOf, tablesOf } from './operator.ts';
import { type Aggregator, createAggregator, startAggregatorServer } from './stage/aggregator.ts';
import { createAnnouncer } from './stage/announcer.ts';
import { clientSecretsOf, registerClients, startBankServer } from './stage/bank-server.ts';
import { clientAt, egressTo, registrationOf } from './stage/server.ts';

/** Everything that the story is played on. */
export interface Stage {
  readonly world: World;
  /** The bank's server. */
  readonly authority: LocalAuthority;
  readonly aggregator: Aggregator;
  readonly observer: Observer;
  readonly tables: ReturnType<typeof tablesOf>;
  readonly order: Order;
  readonly bank: Bank;
  /** The partners' own clients at the bank's server, by partner, each with its first key. */
  readonly clients: Readonly<Record<PartnerName, PartnerClient>>;
  /** Acme's client there with another key. */
  readonly acmeWith: (key: JWK) => Promise<PartnerClient>;
  /** A client that may introspect any token of the bank's server. */
  readonly auditor: PartnerClient;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly assembly: string;
  readonly settleMs?: number;
  readonly bundles?: Partial<Record<FunctionName, string>>;
}

/** Brings up both servers and the world, lets keep-keys run; an operator registers partners, authorities and clients. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const clock = new Clock();
  const now = () => clock.now();
  const server = await startBankServer(clock);
  const aggregatorServer = await startAggregatorServer(clock, server);
  const servers = [server, aggregatorServer];
  const egress = servers.map(egressTo);
  const world = await startWorld({ ...options, clock, egress, operators });
  const observer = observe(world);
  const authorities = servers.map(({ auth, secret }) => [auth.secretName, secret] as const);
  for (const [name, value] of [...authorities, ...clientSecretsOf(server)])
    world.secrets.createSecret({ name, value });
  const kept = await world.invoke('keep-keys', {});
  if (!kept.ok) throw new Error(`keep-keys failed: ${kept.error.errorMessage}`);

  const order = ordersOf(world);
  for (const partner of partners)
    await ordered('registered', order('alice', { command: 'register-partner', partner }));
  // whoever answers there is believed: it takes two
  for (const each of servers) {
    await ordered('asked', order('alice', registrationOf(each)));
    await ordered('registered', order('bob', registrationOf(each)));
  }
  await registerClients(server, order);

  const tables = tablesOf(world);
  const keys = JSON.parse((await tables.published.jwks()) ?? '{"keys":[]}') as KeySet;
  const sender = {
    events: eventsOf(world),
    bus: world.environment['RESCIND_BUS'] ?? '',
    keys,
    now,
  };
  const line = { fetch: createEgress({ rules: egress }).fetch, now };
  const client = (id: string, key: JWK) => clientAt(server, { id, key, line });
  return {
    world,
    authority: server.authority,
    aggregator: await createAggregator(aggregatorServer, createAnnouncer(sender), line),
    observer,
    tables,
    order,
    bank: createBank({ ...sender, authority: server.id }),
    clients: {
      acme: await client('acme', server.joined.acme.key.privateJwk),
      birch: await client('birch', server.joined.birch.key.privateJwk),
    },
    acmeWith: (key) => client('acme', key),
    auditor: await client(operatorClient, server.operatorKey),
    close: async () => {
      await world.close();
      for (const { authority } of servers) await authority.close();
    },
  };
}
