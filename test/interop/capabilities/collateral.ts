import { connectorFor, targetAt } from '../at-server.ts';
import { lacks, notSeen, type Observation, type Observed, seen } from '../capability.ts';
import { type InteropServer, isLacking, type Tokens } from '../server.ts';
import { tellList } from '../tell.ts';

/** A token that is watched while another one is revoked. */
interface Member {
  readonly name: string;
  readonly token: string;
  readonly kind: 'access_token' | 'refresh_token';
  readonly of: Pick<Tokens, 'client'>;
}

export const collateral: readonly Observed[] = [
  {
    id: 'a-refresh-replaces',
    title: 'What a refresh replaces',
    observe: observeRefresh,
  },
  {
    id: 'falls-with-refresh-token',
    title: 'With a refresh token',
    observe: async (server) => observeFall(server, await familyAt(server), 'the refresh token'),
  },
  {
    id: 'falls-with-access-token',
    title: 'With an access token',
    observe: async (server) => observeFall(server, await familyAt(server), 'its access token'),
  },
  {
    id: 'falls-with-subject-token',
    title: 'With the access token that was exchanged',
    observe: (server) => observeExchanged(server, 'access_token'),
  },
  {
    id: 'falls-with-subject-grant',
    title: 'With the refresh token beside that one',
    observe: (server) => observeExchanged(server, 'refresh_token'),
  },
];

async function observeRefresh(server: InteropServer): Promise<Observation> {
  const first = await consentAt(server, 'customer-1');
  const second = await refreshAt(server, first);
  const [access, refresh] = await Promise.all([
    isActive(server, { token: first.accessToken, kind: 'access_token', of: first }),
    isActive(server, { token: first.refreshToken, kind: 'refresh_token', of: first }),
  ]);
  const old = (alive: boolean) => (alive ? 'lives on' : 'is dead');
  const same = first.refreshToken === second.refreshToken;
  const told = same ? 'stays the same' : `is another one, and the old one ${old(refresh)}`;
  return seen(`The refresh token ${told}; the access token before it ${old(access)}.`);
}

/** Two grants of one customer and one of another; the first was refreshed once. */
async function familyAt(server: InteropServer): Promise<readonly Member[]> {
  const first = await consentAt(server, 'customer-1');
  const newest = await refreshAt(server, first);
  const [second, other] = [await consentAt(server, 'customer-1'), await consentAt(server, 'customer-2')];
  return [
    { name: 'the refresh token', token: newest.refreshToken, kind: 'refresh_token', of: first },
    { name: 'its access token', token: newest.accessToken, kind: 'access_token', of: first },
    { name: 'the access token before that', token: first.accessToken, kind: 'access_token', of: first },
    { name: 'another grant of that customer', token: second.refreshToken, kind: 'refresh_token', of: second },
    { name: 'the grant of another customer', token: other.refreshToken, kind: 'refresh_token', of: other },
  ];
}

/** What becomes of the exchanged token, once for each kind that may be asked for. */
async function observeExchanged(
  server: InteropServer,
  kind: 'access_token' | 'refresh_token',
): Promise<Observation> {
  const told: string[] = [];
  for (const requested of ['access_token', 'refresh_token'] as const) {
    const first = await consentAt(server, 'customer-1');
    const exchanged = await server.exchange(first.accessToken, requested);
    if (isLacking(exchanged)) return lacks(`${exchanged.lacks}.`);
    const product = { token: tokenOf(exchanged, requested), kind: requested, of: exchanged };
    if (!(await isActive(server, product))) throw new Error('what was exchanged is dead from the start');
    const target = { token: tokenOf(first, kind), kind, of: first };
    await connectorFor(server, first).revoke(targetAt(target.token, kind));
    if (await isActive(server, target)) return notSeen('The token itself lives on.');
    told.push(`${nameOf[requested]} ${(await isActive(server, product)) ? 'lives on' : 'dies too'}`);
  }
  return seen(`What was exchanged for it: ${told.join('; ')}.`);
}

const nameOf = { access_token: 'an access token', refresh_token: 'a refresh token' } as const;

/** Revokes one of them and tells which of the others died. */
async function observeFall(
  server: InteropServer,
  members: readonly Member[],
  name: string,
): Promise<Observation> {
  const target = members.find((member) => member.name === name);
  if (!target) throw new Error(`nobody is called ${name}`);
  const others = await activeOf(
    server,
    members.filter((member) => member !== target),
  );
  await connectorFor(server, target.of).revoke(targetAt(target.token, target.kind));
  if (await isActive(server, target)) return notSeen('The token itself lives on.');
  const alive = await activeOf(server, others);
  const dead = others.filter((member) => !alive.includes(member));
  const names = (some: readonly Member[]) => tellList(some.map((member) => member.name));
  return seen(`Dies too: ${names(dead)}; lives on: ${names(alive)}.`);
}

async function activeOf(server: InteropServer, members: readonly Member[]): Promise<readonly Member[]> {
  const alive = await Promise.all(members.map((member) => isActive(server, member)));
  return members.filter((_member, n) => alive[n]);
}

async function isActive(server: InteropServer, { token, kind, of }: Omit<Member, 'name'>): Promise<boolean> {
  const [sighting] = await connectorFor(server, of).probe(targetAt(token, kind));
  if (sighting?.answer === 'active' || sighting?.answer === 'inactive') return sighting.answer === 'active';
  throw new Error(`nothing was learned of a token: ${sighting?.because}`);
}

type Whole = Tokens & { readonly refreshToken: string };

const tokenOf = (tokens: Tokens, kind: Member['kind']): string =>
  (kind === 'refresh_token' ? tokens.refreshToken : tokens.accessToken) ?? '';

async function consentAt(server: InteropServer, customer: string): Promise<Whole> {
  return whole(await server.consent(customer));
}

async function refreshAt(server: InteropServer, { refreshToken }: Whole): Promise<Whole> {
  const refreshed = await server.refresh(refreshToken);
  if ('refused' in refreshed) throw new Error(`the refresh was refused: ${refreshed.refused}`);
  return whole({ ...refreshed, refreshToken: refreshed.refreshToken ?? refreshToken });
}

function whole(tokens: Tokens): Whole {
  const { refreshToken } = tokens;
  if (refreshToken === undefined) throw new Error('there was no refresh token');
  return { ...tokens, refreshToken };
}
