import { createEgress } from '../../connectors/egress.ts';
import { authorityId } from '../../domain/ids.ts';
import { registerAuthority, registerPartner } from '../../flows/register.ts';
import type { KeySet } from '../../keys/handle.ts';
import type { FunctionName } from '../../wire/environment.ts';
import { type LocalAuthority, makeAuthorityCertificates, startAuthority } from '../authority/authority.ts';
import { createPartnerClient, type PartnerClient } from '../authority/partner-client.ts';
import { Clock } from '../clock.ts';
import { startWorld, type World } from '../world.ts';
import { type Bank, createBank } from './bank.ts';
import { makeClientKey, operatorClient, operatorSecret, type PartnerName, partners } from './cast.ts';
import { observe, type Observer } from './observer.ts';
import { eventsOf, operatorOf } from './operator.ts';

/** Everything that the story is played on. */
export interface Stage {
  readonly world: World;
  readonly authority: LocalAuthority;
  readonly observer: Observer;
  readonly operator: ReturnType<typeof operatorOf>;
  readonly bank: Bank;
  /** The partners' own clients at the bank's server, by partner. */
  readonly clients: Readonly<Record<PartnerName, PartnerClient>>;
  /** A client that may introspect any token. */
  readonly auditor: PartnerClient;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly assembly: string;
  readonly bundles?: Partial<Record<FunctionName, string>>;
}

/** Brings up the world and the bank's server, lets keep-keys run, registers the partners and the authority. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const clock = new Clock();
  const keys = { acme: await makeClientKey(), birch: await makeClientKey(), operator: await makeClientKey() };
  const certificates = await makeAuthorityCertificates();
  const authority = await startAuthority({
    clock,
    certificates,
    clients: [
      { id: 'acme', jwk: keys.acme.publicJwk },
      { id: 'birch', jwk: keys.birch.publicJwk },
      { id: operatorClient, jwk: keys.operator.publicJwk, operator: true },
    ],
  });
  const egress = [{ host: new URL(authority.issuer).host, addresses: ['127.0.0.0/8'], ca: certificates.ca }];
  const world = await startWorld({ ...options, clock, egress });
  const observer = observe(world);
  world.secrets.createSecret({ name: operatorSecret, value: JSON.stringify(keys.operator.privateJwk) });
  const operator = operatorOf(world);
  const { fetch } = createEgress({ rules: egress });
  const client = (clientId: string, key: (typeof keys)['acme']) =>
    createPartnerClient({
      issuer: authority.issuer,
      endpoints: authority.endpoints,
      clientId,
      key: key.privateJwk,
      fetch,
      now: () => clock.now(),
    });
  const kept = await world.invoke('keep-keys', {});
  if (!kept.ok) throw new Error(`keep-keys failed: ${kept.error.errorMessage}`);
  await register(authority, operator);
  const bank = createBank({
    events: eventsOf(world, 'bank'),
    bus: world.environment['RESCIND_BUS'] ?? '',
    authority: 'bank',
    keys: JSON.parse((await operator.published.jwks()) ?? '{"keys":[]}') as KeySet,
    now: () => clock.now(),
  });
  return {
    world,
    authority,
    observer,
    operator,
    bank,
    clients: { acme: await client('acme', keys.acme), birch: await client('birch', keys.birch) },
    auditor: await client(operatorClient, keys.operator),
    close: async () => {
      await world.close();
      await authority.close();
    },
  };
}

async function register(authority: LocalAuthority, operator: Stage['operator']): Promise<void> {
  for (const partner of partners) await registerPartner(partner, operator);
  const { token, revocation, introspection } = authority.endpoints;
  await registerAuthority(
    {
      id: authorityId('bank'),
      revision: 1,
      kind: 'oauth',
      role: 'operator',
      issuer: authority.issuer,
      tokenEndpoint: token,
      revocationEndpoint: revocation,
      introspectionEndpoint: introspection,
      auth: { method: 'private_key_jwt', clientId: operatorClient, secretName: operatorSecret },
    },
    operator,
  );
}
