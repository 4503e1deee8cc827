import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { committer } from '../../lib/aws/dynamodb/commit.ts';
import { tablesFrom } from '../../lib/aws/dynamodb/tables.ts';
import type { Authority } from '../../lib/domain/inventory/authority.ts';
import { authorityId, caseId } from '../../lib/domain/ids.ts';
import type { KeySet } from '../../lib/keys/handle.ts';
import { type AuthorityCertificates, makeAuthorityCertificates } from '../authority/tls/certificates.ts';
import { Clock } from '../cloud/clock.ts';
import { createBank } from '../story/bank.ts';
import { makeClientKey, partners } from '../story/cast.ts';
import { callerOf, eventsOf, ordered, ordersOf, tablesOf } from '../story/operator.ts';
import { startWorld, type World } from '../cloud/world.ts';
import { startTlsServer, type TlsServer } from '../connectors/tls-server.ts';
import { entriesOf } from './rig.ts';

const secretName = 'rescind/authority/astray';
const authorityAt = (origin: string): Authority => ({
  id: authorityId('astray'),
  revision: 1,
  kind: 'oauth',
  role: 'operator',
  issuer: origin,
  tokenEndpoint: `${origin}/token`,
  revocationEndpoint: `${origin}/revoke`,
  introspectionEndpoint: `${origin}/introspect`,
  auth: { method: 'private_key_jwt', clientId: 'rescind', secretName },
});

/** What may not be connected to: it listens where every name of this machine leads. */
let bystander: Server;
let port: number;
let connections = 0;
let certificates: AuthorityCertificates;
beforeAll(async () => {
  bystander = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((done) => void bystander.listen(0, done));
  ({ port } = bystander.address() as AddressInfo);
  certificates = await makeAuthorityCertificates();
});
afterAll(() => void bystander.close());

/** A world with this setting, in which a partner is registered. */
async function startWith(egress: Parameters<typeof startWorld>[0]['egress'] = []): Promise<World> {
  const world = await startWorld({ assembly: inject('assembly'), clock: new Clock(), egress });
  const { privateJwk } = await makeClientKey();
  world.secrets.createSecret({ name: secretName, value: JSON.stringify(privateJwk) });
  await world.invoke('keep-keys', {});
  const [partner] = partners;
  await ordered('registered', ordersOf(world)('alice', { command: 'register-partner', partner }));
  return world;
}

const atTheDoor = async (world: World, authority: Authority) => {
  const order = ordersOf(world);
  const register = (by: 'alice' | 'bob') => order(by, { command: 'register-authority', authority } as never);
  await ordered('asked', register('alice'));
  await ordered('registered', register('bob'));
};

interface Attempt {
  readonly revocation: string;
  readonly verdict: string;
  readonly sightings: readonly { readonly because: string }[];
}

/** A consent with one token of that authority is withdrawn; gives what the ledger and the obligation say after the first attempts. */
async function withdrawAt(world: World) {
  const tables = tablesOf(world);
  const bank = createBank({
    events: eventsOf(world),
    bus: world.environment['RESCIND_BUS'] ?? '',
    authority: 'astray',
    keys: JSON.parse((await tables.published.jwks()) ?? '{"keys":[]}') as KeySet,
    now: () => world.clock.now(),
  });
  const [{ id: partner }] = partners;
  await bank.grant({ id: 'c', partner, customer: 'k' });
  await bank.issue({ id: 't', kind: 'refresh_token', partner, consent: 'c', grant: 'g', token: 'a-token' });
  await world.settle();
  await bank.withdraw('c');
  const id = 'consent-withdrawn/c/1/1';
  const attempts = async (): Promise<readonly Attempt[]> =>
    (await entriesOf(world))
      .filter((entry) => entry.case === id)
      .flatMap(({ facts }) => (facts as { attempts?: Attempt[] }).attempts ?? []);
  await expect.poll(attempts, { timeout: 20_000 }).not.toEqual([]);
  const found = await tables.cases.find(caseId(id));
  if (!found) throw new Error(`there is no case ${id}`);
  const [first] = await attempts();
  return {
    first,
    because: new Set(first?.sightings.map(({ because }) => because)),
    state: found.state,
    obligations: await tables.obligations.of(found),
  };
}

/** P2, P5: where egress lets no call out, the debt stays open, and the ledger says why. */
describe('an authority that egress does not let be called', () => {
  let world: World;
  let server: TlsServer | undefined;
  beforeEach(() => {
    connections = 0;
  });
  afterEach(async () => {
    await world.close();
    await server?.close();
  });

  it('because its host resolves outside its rule is owed under `address`', async () => {
    world = await startWith([{ host: `localhost:${port}`, addresses: ['10.1.0.0/16'] }]);
    await atTheDoor(world, authorityAt(`https://localhost:${port}`));
    const seen = await withdrawAt(world);
    expect(seen).toMatchObject({
      first: { revocation: 'unconfirmed:address', verdict: 'unknown' },
      because: new Set(['address']),
      state: 'working',
      obligations: [{ state: 'open', last: expect.stringContaining('revocation:address') as string }],
    });
    expect(world.logs.map((line) => JSON.stringify(line)).join('\n')).toContain('revocation:address');
    expect(connections).toBe(0);
  });

  // The setting was tightened after the registration: the door would not take it any more.
  it('because no rule lists its port any more is owed under `port`', async () => {
    world = await startWith();
    const dynamo = new DynamoDBClient(callerOf(world, 'yesterday'));
    const registry = world.environment['RESCIND_REGISTRY_TABLE'] ?? '';
    const authority = authorityAt(`https://127.0.0.1:${port}`);
    await committer(
      dynamo,
      tablesFrom({ registry }),
    )([{ kind: 'register-authority', authority, from: null }]);
    expect(await withdrawAt(world)).toMatchObject({
      first: { revocation: 'refused:port', verdict: 'unknown' },
      because: new Set(['port']),
      state: 'working',
      obligations: [{ state: 'open', last: expect.stringContaining('revocation:port') as string }],
    });
    expect(connections).toBe(0);
  });

  it('because it sends us elsewhere is owed under `redirect`, and nothing goes there', async () => {
    server = await startTlsServer(certificates, (_, response) =>
      response.writeHead(307, { location: `https://127.0.0.1:${port}/revoke` }).end(),
    );
    world = await startWith([{ host: server.host, addresses: ['127.0.0.0/8'], ca: certificates.ca }]);
    await atTheDoor(world, authorityAt(`https://${server.host}`));
    expect(await withdrawAt(world)).toMatchObject({
      first: { revocation: 'unconfirmed:redirect', verdict: 'unknown' },
      because: new Set(['redirect']),
      state: 'working',
      obligations: [{ state: 'open', last: expect.stringContaining('revocation:redirect') as string }],
    });
    expect(server.connections()).toBeGreaterThan(0);
    expect(connections).toBe(0);
  });
});
