import { kill } from '../../contract/kill.ts';
import { tellSighting } from '../at-server.ts';
import { notSeen, type Observation, type Observed, seen } from '../capability.ts';
import { type PartnerKeys, startPartnerKeys } from '../partner-keys.ts';
import type { InteropServer } from '../server.ts';
import { tellOutcome, tellProof } from '../tell.ts';

export const clientKeys: readonly Observed[] = [
  {
    id: 'client-registered',
    title: 'A client registers its key (RFC 7591) and is read (RFC 7592)',
    observe: async (server) => observeRegistration(await startPartnerKeys(server)),
  },
  {
    id: 'key-rotated',
    title: 'One of two keys taken out',
    observe: async (server) => observeRotation(server, await startPartnerKeys(server)),
  },
  {
    id: 'last-key-removed',
    title: 'The last key taken out',
    observe: async (server) => observeCutOff(server, await startPartnerKeys(server)),
  },
  {
    id: 'registration-token',
    title: 'The registration access token',
    observe: async (server) => observeToken(await startPartnerKeys(server)),
  },
];

async function observeRegistration(partner: PartnerKeys): Promise<Observation> {
  const found = (await partner.readKeys()).filter(({ kid }) => kid === partner.current.kid);
  const [sighting] = await partner.connector({ guarded: true }).probe(partner.targetOf(kidOf(partner)));
  const said = `The key is ${found.length === 1 ? 'read back' : 'not read back'}; tried for real it is ${tellSighting(sighting ? [sighting] : [])}.`;
  return found.length === 1 && sighting?.answer === 'active' ? seen(said) : notSeen(said);
}

async function observeRotation(server: InteropServer, partner: PartnerKeys): Promise<Observation> {
  // as a rotation does it: what is retired is not the key that is to go on working
  const old = await partner.addKey();
  const connector = partner.connector({ guarded: true });
  const target = partner.targetOf(old.kid ?? '');
  const killed = await kill(target, connector, server.now);
  const [living] = await connector.probe(partner.targetOf(kidOf(partner)));
  const said = `A key that is ${tellSighting(killed.before)}, taken out (${tellOutcome(killed.revoked)}), is ${tellSighting(killed.after)} at once, and the other one ${tellSighting(living ? [living] : [])}; ${tellProof(killed.judgement)}.`;
  const works = living?.answer === 'active' && killed.before[0]?.answer === 'active';
  return works && killed.judgement.verdict === 'dead' ? seen(said) : notSeen(said);
}

async function observeCutOff(server: InteropServer, partner: PartnerKeys): Promise<Observation> {
  const killed = await kill(
    partner.targetOf(kidOf(partner)),
    partner.connector({ guarded: false }),
    server.now,
  );
  const left = await partner.readKeys();
  const tombs = left.filter(({ kid }) => kid?.startsWith('rescind-tombstone-')).length;
  const said = `A key that is ${tellSighting(killed.before)}, taken out (${tellOutcome(killed.revoked)}), is ${tellSighting(killed.after)} at once; ${tellProof(killed.judgement)}; left is ${tombs === left.length ? 'a tombstone' : 'a key'}.`;
  return killed.judgement.verdict === 'dead' && tombs === left.length ? seen(said) : notSeen(said);
}

async function observeToken(partner: PartnerKeys): Promise<Observation> {
  await partner.readKeys();
  const afterRead = partner.tokensReplaced();
  await partner.addKey();
  const afterUpdate = partner.tokensReplaced();
  const told = (before: number, after: number) => (after > before ? 'replaces it' : 'leaves it');
  return seen(`A read ${told(0, afterRead)}; an update ${told(afterRead, afterUpdate)}.`);
}

const kidOf = ({ current }: PartnerKeys): string => current.kid ?? '';
