import * as oauth from 'oauth4webapi';
import { createEgress } from '../../lib/connectors/egress.ts';
import {
  type LocalAuthority,
  makeAuthorityCertificates,
  startAuthority,
  tokenExchange,
} from './authority.ts';
import { createKeyAuth } from './key-auth.ts';
import { createPartnerClient, type PartnerClient } from './partner-client.ts';
import { newKeyPair, startWorld, type World } from './rig.ts';

/** The first three are clients of the bank, the others of the aggregator. */
type Party = 'acme' | 'rescind' | 'inspector' | 'app' | 'operator';
type Form = Readonly<Record<string, string>>;

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A bank, and an aggregator's server that exchanges the bank's access tokens for its own. */
export interface ExchangeWorld {
  readonly bank: World;
  readonly aggregator: LocalAuthority;
  /** The bank's view of the aggregator's server. */
  readonly inspector: PartnerClient;
  /** May exchange at the aggregator, and nothing else. */
  readonly app: PartnerClient;
  /** May introspect at the aggregator. */
  readonly operator: PartnerClient;
  /** One form to an endpoint, spoken by hand: what the server says on the wire. */
  post(who: Party, endpoint: 'token' | 'revocation' | 'introspection', form: Form): Promise<Answer>;
  close(): Promise<void>;
}

export async function startExchangeWorld(
  options: { readonly accessTokenSeconds?: number } = {},
): Promise<ExchangeWorld> {
  const [inspector, app, operator] = await Promise.all([newKeyPair(), newKeyPair(), newKeyPair()]);
  const bank = await startWorld({
    clients: [{ id: 'aggregator', jwk: inspector.publicJwk, inspector: true }],
  });
  const certificates = await makeAuthorityCertificates();
  const aggregator = await startAuthority({
    clock: bank.clock,
    certificates,
    clients: [
      { id: 'app', jwk: app.publicJwk, grantTypes: [tokenExchange.grantType] },
      { id: 'rescind', jwk: operator.publicJwk, operator: true },
    ],
    exchange: {
      issuer: bank.authority.issuer,
      introspectionEndpoint: bank.authority.endpoints.introspection,
      ca: bank.ca,
      client: { id: 'aggregator', jwk: inspector.privateJwk },
      ...options,
    },
  });
  const { fetch } = createEgress({
    rules: [{ host: new URL(aggregator.issuer).host, addresses: ['127.0.0.1'], ca: certificates.ca }],
  });
  const parties = {
    acme: { id: 'acme', keys: bank.keys.acme, at: bank.authority, fetch: bank.fetch },
    app: { id: 'app', keys: app, at: aggregator, fetch },
    operator: { id: 'rescind', keys: operator, at: aggregator, fetch },
    rescind: { id: 'rescind', keys: bank.keys.rescind, at: bank.authority, fetch: bank.fetch },
    inspector: { id: 'aggregator', keys: inspector, at: bank.authority, fetch: bank.fetch },
  } satisfies Record<Party, object>;
  const clientOf = (who: Party): Promise<PartnerClient> =>
    createPartnerClient({
      issuer: parties[who].at.issuer,
      endpoints: parties[who].at.endpoints,
      clientId: parties[who].id,
      key: parties[who].keys.privateJwk,
      fetch: parties[who].fetch,
      now: () => bank.clock.now(),
    });

  return {
    bank,
    aggregator,
    app: await clientOf('app'),
    operator: await clientOf('operator'),
    inspector: await clientOf('inspector'),
    async post(who, endpoint, form) {
      const { id, keys, at, fetch: send } = parties[who];
      const [body, headers] = [new URLSearchParams(form), new Headers({ accept: 'application/json' })];
      const auth = await createKeyAuth(keys.privateJwk);
      const skew = Math.floor((bank.clock.now() - Date.now()) / 1000);
      await auth({ issuer: at.issuer }, { client_id: id, [oauth.clockSkew]: skew }, body, headers);
      headers.set('content-type', 'application/x-www-form-urlencoded');
      const answer = await send(at.endpoints[endpoint], {
        method: 'POST',
        headers: Object.fromEntries(headers),
        body: body.toString(),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) };
    },
    async close() {
      await aggregator.close();
      await bank.close();
    },
  };
}
