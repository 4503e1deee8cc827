import { kill } from '../../contract/kill.ts';
import { connectorAt, connectorFor, targetAt, tellSighting } from '../at-server.ts';
import { notSeen, type Observation, type Observed, seen } from '../capability.ts';
import type { ClientName, InteropServer } from '../server.ts';
import { tellOutcome } from '../tell.ts';

/** What a client that Rescind has for itself can do with the tokens of others, and what it would conclude. */
export const standing: readonly Observed[] = [
  {
    id: 'foreign-token-seen',
    title: 'Sees tokens of every client',
    observe: (server) => observeView(server, 'rescind'),
  },
  {
    id: 'foreign-token-revoked',
    title: 'Revokes tokens of every client',
    observe: observeRevocation,
  },
  {
    id: 'unprivileged-view',
    title: 'Sees them without being privileged',
    observe: (server) => observeView(server, 'plain'),
  },
  {
    id: 'canary',
    title: 'Sees a canary of its own',
    observe: (server) => observeCanary(server, 'rescind'),
  },
  {
    id: 'unprivileged-canary',
    title: 'Sees one without being privileged',
    observe: (server) => observeCanary(server, 'plain'),
  },
];

const kinds = ['access_token', 'refresh_token'] as const;
const names = { access_token: 'access token', refresh_token: 'refresh token' } as const;

/** What it is told of a live token, and whether the product would believe a death that has not happened. */
async function observeView(server: InteropServer, client: ClientName): Promise<Observation> {
  const connector = connectorAt(server, { client, role: 'operator' });
  const told: string[] = [];
  let seesAll = true;
  for (const kind of kinds) {
    const token = await liveToken(server, kind);
    const { before, judgement } = await kill(targetAt(token, kind), connector, server.now);
    const [owners] = await connectorFor(server, { client: 'acme' }).probe(targetAt(token, kind));
    const isWrong = judgement.verdict === 'dead' && owners?.answer === 'active';
    seesAll &&= before[0]?.answer === 'active';
    told.push(
      `${names[kind]} ${tellSighting(before)}${isWrong ? ', so that as `operator` it judges a live one `dead`' : ''}`,
    );
  }
  const said = `Told of live ones: ${told.join('; ')}.`;
  return seesAll ? seen(said) : notSeen(said);
}

async function observeRevocation(server: InteropServer): Promise<Observation> {
  const connector = connectorAt(server, { client: 'rescind', role: 'operator' });
  const told: string[] = [];
  let kills = true;
  for (const kind of kinds) {
    const token = await liveToken(server, kind);
    const outcome = await connector.revoke(targetAt(token, kind));
    const [after] = await connectorFor(server, { client: 'acme' }).probe(targetAt(token, kind));
    kills &&= after?.answer === 'inactive';
    told.push(`${names[kind]} ${tellOutcome(outcome)}, then ${tellSighting(after ? [after] : [])}`);
  }
  const said = `${told.join('; ')}.`;
  const sentence = said.charAt(0).toUpperCase() + said.slice(1);
  return kills ? seen(sentence) : notSeen(sentence);
}

async function observeCanary(server: InteropServer, client: ClientName): Promise<Observation> {
  const connector = connectorAt(server, { client, role: 'operator' });
  return (await connector.seeCanary()) === undefined
    ? notSeen('Its own token is not seen active and, once revoked, inactive.')
    : seen('Its own token is seen active and, once revoked, inactive.');
}

async function liveToken(server: InteropServer, kind: (typeof kinds)[number]): Promise<string> {
  const consent = await server.consent('customer-1');
  const token = kind === 'refresh_token' ? consent.refreshToken : consent.accessToken;
  if (token === undefined) throw new Error('there was no refresh token');
  const [owners] = await connectorFor(server, consent).probe(targetAt(token, kind));
  if (owners?.answer !== 'active')
    throw new Error('what has just been issued is not active to its own client');
  return token;
}
