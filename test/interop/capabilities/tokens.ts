import { kill } from '../../contract/kill.ts';
import { connectorFor, targetAt, tellSighting } from '../at-server.ts';
import { lacks, notSeen, type Observation, type Observed, seen } from '../capability.ts';
import { type InteropServer, isLacking, type Tokens, type Wanted } from '../server.ts';
import { tellOutcome, tellProof } from '../tell.ts';

/** Of a JWS in compact form (RFC 7515 section 7.1). */
const isJwt = (token: string): boolean => /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(token);

/** One row for each kind of token that a server issues. */
export const tokens: readonly Observed[] = [
  {
    id: 'refresh-token',
    title: 'A refresh token',
    observe: (server) => proveConsented(server, 'refresh_token', {}),
  },
  {
    id: 'offline-token',
    title: 'A refresh token by `offline_access`',
    observe: (server) => proveConsented(server, 'refresh_token', { offline: true }),
  },
  {
    id: 'opaque-access-token',
    title: 'An opaque access token',
    observe: (server) => proveConsented(server, 'access_token', { format: 'opaque' }),
  },
  {
    id: 'jwt-access-token',
    title: 'A JWT as access token',
    observe: (server) => proveConsented(server, 'access_token', { format: 'jwt' }),
  },
  {
    id: 'exchanged-access-token',
    title: 'An access token by token exchange (RFC 8693)',
    observe: (server) => proveExchanged(server, 'access_token'),
  },
  {
    id: 'exchanged-refresh-token',
    title: 'A refresh token by token exchange',
    observe: (server) => proveExchanged(server, 'refresh_token'),
  },
];

async function proveConsented(
  server: InteropServer,
  kind: 'access_token' | 'refresh_token',
  wanted: Wanted,
): Promise<Observation> {
  const consent = await server.consent('customer-1', wanted);
  if (wanted.format === 'opaque' && isJwt(consent.accessToken)) return lacks('What is issued is a JWT.');
  if (wanted.format === 'jwt' && !isJwt(consent.accessToken)) return lacks('What is issued is opaque.');
  return proveDeath(server, consent, kind);
}

async function proveExchanged(
  server: InteropServer,
  kind: 'access_token' | 'refresh_token',
): Promise<Observation> {
  const consent = await server.consent('customer-1');
  const exchanged = await server.exchange(consent.accessToken, kind);
  return isLacking(exchanged) ? lacks(`${exchanged.lacks}.`) : proveDeath(server, exchanged, kind);
}

async function proveDeath(
  server: InteropServer,
  tokens: Tokens,
  kind: 'access_token' | 'refresh_token',
): Promise<Observation> {
  const token = kind === 'refresh_token' ? tokens.refreshToken : tokens.accessToken;
  if (token === undefined) return lacks('No refresh token is issued.');
  const killed = await kill(targetAt(token, kind), connectorFor(server, tokens), server.now);
  const { judgement } = killed;
  // what it was for no longer works: no part of the proof, and a check of it
  const used = kind === 'refresh_token' && tokens.client === 'acme' ? await server.refresh(token) : undefined;
  const works = used !== undefined && !('refused' in used);
  const refreshing =
    used && ('refused' in used ? `; refreshing is refused (\`${used.refused}\`)` : '; refreshing works');
  const said = [
    `${isJwt(token) ? 'A JWT' : 'Opaque'}: ${tellSighting(killed.before)}`,
    `revocation ${tellOutcome(killed.revoked)}`,
    `${tellSighting(killed.after)}`,
  ].join(', ');
  const whole = `${said}; ${tellProof(judgement)}${refreshing ?? ''}.`;
  return judgement.verdict === 'dead' && killed.revoked.kind === 'accepted' && !works
    ? seen(whole)
    : notSeen(whole);
}
