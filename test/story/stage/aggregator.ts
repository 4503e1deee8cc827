import { randomBytes } from 'node:crypto';
import {
  type LocalAuthority,
  makeAuthorityCertificates,
  startAuthority,
  tokenExchange,
} from '../../authority/authority.ts';
import type { PartnerClient } from '../../authority/partner-client.ts';
import type { Clock } from '../../cloud/clock.ts';
import {
  aggregatorClient,
  type ClientKey,
  makeClientKey,
  operatorClient,
  operatorSecretOf,
} from '../cast.ts';
import type { Announcer } from './announcer.ts';
import type { BankServer } from './bank-server.ts';
import { clientAt, type Line, type Server } from './server.ts';

/** The house between bank and partners: it gives tokens of its own for the bank's (RFC 8693). */
export interface Aggregator {
  readonly authority: LocalAuthority;
  /** Acme's client there: it may exchange, and nothing else. */
  readonly acme: PartnerClient;
  /** May introspect any token there, and nothing else: no client of Rescind's. */
  readonly auditor: PartnerClient;
  /** Its system tells for which token it gave this one, and of no consent: it knows none. */
  announceExchange(exchanged: {
    readonly partner: string;
    readonly token: string;
    readonly parent: { readonly authority: string; readonly id: string };
  }): Promise<void>;
}

/** The aggregator's server, with the keys of its clients. */
export interface AggregatorServer extends Server {
  readonly keys: { readonly acme: ClientKey; readonly auditor: ClientKey };
}

/** Rescind's client is let in by a secret here, by a key at the bank. */
export async function startAggregatorServer(clock: Clock, bank: BankServer): Promise<AggregatorServer> {
  const keys = { acme: await makeClientKey(), auditor: await makeClientKey() };
  const secret = randomBytes(32).toString('base64url');
  const certificates = await makeAuthorityCertificates();
  const method = 'client_secret_basic';
  const authority = await startAuthority({
    clock,
    certificates,
    clients: [
      { id: operatorClient, secret, method, operator: true },
      { id: 'acme', jwk: keys.acme.publicJwk, grantTypes: [tokenExchange.grantType] },
      { id: 'auditor', jwk: keys.auditor.publicJwk, inspector: true },
    ],
    exchange: {
      issuer: bank.authority.issuer,
      introspectionEndpoint: bank.authority.endpoints.introspection,
      ca: bank.ca,
      client: { id: aggregatorClient, jwk: bank.inspectorKey },
    },
  });
  const auth = { method, clientId: operatorClient, secretName: operatorSecretOf('aggregator') } as const;
  return { id: 'aggregator', authority, ca: certificates.ca, auth, secret, keys };
}

export async function createAggregator(
  server: AggregatorServer,
  { announce, seal }: Announcer,
  line: Line,
): Promise<Aggregator> {
  const { id: authority, keys } = server;
  return {
    authority: server.authority,
    acme: await clientAt(server, { id: 'acme', key: keys.acme.privateJwk, line }),
    auditor: await clientAt(server, { id: 'auditor', key: keys.auditor.privateJwk, line }),
    announceExchange: async ({ partner, token, parent }) =>
      announce('aggregator.tokens', 'Credential Exchanged', {
        parent,
        credential: {
          ...{ authority, kind: 'access_token', partner },
          ...(await seal(token, { authority, partner })),
        },
      }),
  };
}
