import type { Authority } from '../domain/authority.ts';
import { recorded } from '../domain/decisions/stamp.ts';
import type { AuthorityId, PartnerId } from '../domain/ids.ts';
import type { Partner } from '../domain/partner.ts';
import { authorityName, partnerName } from '../domain/names.ts';
import type { Write } from '../domain/write.ts';
import { type Recorder, stampOf } from './flow.ts';

export interface Register extends Omit<Recorder, 'send'> {
  readonly partners: { find(id: PartnerId): Promise<Partner | undefined> };
  readonly authorities: { find(id: AuthorityId): Promise<Authority | undefined> };
}

export type Registered =
  { readonly kind: 'registered' } | { readonly kind: 'outdated'; readonly revision: number };

/** Registers a partner, or a higher revision of it; an equal or lower revision changes nothing. */
export async function registerPartner(partner: Partner, deps: Register): Promise<Registered> {
  const known = await deps.partners.find(partner.id);
  const write: Write = { kind: 'register-partner', partner, from: known?.revision ?? null };
  return register(
    write,
    known?.revision,
    partner,
    { subject: partnerName(partner.id), facts: { name: partner.name } },
    deps,
  );
}

/** Registers an authority, or a higher revision of it; an equal or lower revision changes nothing. */
export async function registerAuthority(authority: Authority, deps: Register): Promise<Registered> {
  const known = await deps.authorities.find(authority.id);
  const write: Write = { kind: 'register-authority', authority, from: known?.revision ?? null };
  const { role, issuer, tokenEndpoint, revocationEndpoint, introspectionEndpoint, auth } = authority;
  const facts = {
    role,
    issuer,
    tokenEndpoint,
    revocationEndpoint,
    introspectionEndpoint,
    clientId: auth.clientId,
    secretName: auth.secretName,
  };
  return register(write, known?.revision, authority, { subject: authorityName(authority.id), facts }, deps);
}

async function register(
  write: Write,
  known: number | undefined,
  { revision }: { readonly revision: number },
  entry: { readonly subject: string; readonly facts: Readonly<Record<string, string>> },
  deps: Register,
): Promise<Registered> {
  if (known !== undefined && known >= revision) return { kind: 'outdated', revision: known };
  const writes = recorded(
    [write],
    { kind: 'registered', subject: entry.subject, facts: { ...entry.facts, revision } },
    stampOf(deps),
  );
  const committed = await deps.commit(writes);
  if (committed.ok) return { kind: 'registered' };
  throw new Error(
    `${entry.subject} was registered by someone else at the same time: look at it and register again`,
  );
}
