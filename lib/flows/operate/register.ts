import type { Authority } from '../../domain/inventory/authority.ts';
import { type Above, fenceOver } from '../../domain/decisions/above.ts';
import { decideAuthority, decideClient, decidePartner } from '../../domain/decisions/operate/registration.ts';
import type { Fence } from '../../domain/case/fence.ts';
import type { Case } from '../../domain/case/case.ts';
import type { AuthorityId, CaseId, ClientId, PartnerId } from '../../domain/ids.ts';
import { decisionsMax } from '../../domain/limits.ts';
import { authorityName, clientName, partnerName } from '../../domain/names.ts';
import type { Partner } from '../../domain/inventory/partner.ts';
import type { Client } from '../../domain/rotation/client.ts';
import type { Rotation } from '../../domain/rotation/rotation.ts';
import type { FenceSubject } from '../../domain/subject.ts';
import { canonical, sha256 } from '../../wire/digest.ts';
import type { AnswerOf } from '../../wire/operate.ts';
import { commitAndSend, Contended, rfc3339, stampOf } from '../flow.ts';
import { refuseUnreachable, type WayOut } from './reachable.ts';
import { refusal } from './refusal.ts';
import { type Approvals, consult, recordAsked } from './two-people.ts';

export interface Register extends Approvals, WayOut {
  readonly partners: { find(id: PartnerId): Promise<Partner | undefined> };
  readonly authorities: { find(id: AuthorityId): Promise<Authority | undefined> };
  readonly clients: { find(id: ClientId): Promise<Client | undefined> };
  readonly rotations: { find(client: ClientId): Promise<Rotation | undefined> };
  readonly fences: { find(subject: FenceSubject): Promise<Fence | undefined> };
  readonly cases: { latest(id: CaseId): Promise<Case | undefined> };
  /** The regimes of the setting `targets`. */
  readonly regimes: readonly string[];
}

type Registered = AnswerOf<'registered' | 'outdated'>;
type Refused = AnswerOf<'refused'>;

/**
 * Registers a partner, or a higher revision of it; an equal or lower revision changes nothing. A partner that was cut off is
 * readmitted only when two different operators order exactly the same registration.
 */
export async function registerPartner(
  partner: Partner,
  by: string,
  deps: Register,
): Promise<Registered | AnswerOf<'asked'> | Refused> {
  const subject = partnerName(partner.id);
  if (partner.regime !== undefined && !deps.regimes.includes(partner.regime))
    return refusal(
      'regime-unknown',
      `partner.regime: there is no regime ${partner.regime}: use one of ${deps.regimes.join(', ')}, or add it to the setting targets and deploy`,
    );
  for (let tries = 0; tries < decisionsMax; tries += 1) {
    const known = await deps.partners.find(partner.id);
    if (known && known.revision >= partner.revision) return outdated(subject, known.revision);
    const fence = known && (await deps.fences.find({ type: 'partner', id: partner.id }));
    const found = known && { revision: known.revision, fence };
    const over = fence && fence.generation >= (known?.revision ?? 0) ? fence : undefined;
    // a walk that is not finished would also condemn credentials that arrive after the readmission
    const latest = over && (await deps.cases.latest(over.case));
    if (latest && latest.cursors > 0)
      return refusal(
        'cut-off-running',
        `case ${latest.id} is still listing the credentials of ${partner.id}: try again when rescind case show says that its walk is finished`,
      );
    const two = over ? await consult(askingFor(partner, over, by), deps) : undefined;
    if (two?.kind === 'first') {
      const facts = { revision: partner.revision, fencedBy: fence?.case ?? null };
      const asked = await recordAsked(two, { subject, facts }, deps);
      if (asked) return asked;
      continue;
    }
    const second = two && latest ? { ...two, over: latest.id } : undefined;
    const writes = decidePartner(partner, found, { by, ...(second && { second }) }, stampOf(deps));
    if ((await commitAndSend(writes, deps)).ok) return registered(subject, partner);
  }
  throw new Contended(`registration of ${subject}`);
}

/** Binds the two orders to this registration and this fence: an order from before a later cut-off does not count after it. */
const askingFor = (partner: Partner, { case: id, generation }: Fence, by: string) => ({
  what: `${partnerName(partner.id)}@${partner.revision}`,
  digest: sha256(canonical({ partner, over: { case: id, generation } })),
  by,
});

/**
 * Registers an authority, or a higher revision of it; an equal or lower revision changes nothing. Rescind trusts its endpoints, so two
 * different operators must order a new authority, and each change of its endpoints or of the client that Rescind uses there. Endpoints
 * that the egress setting forbids are refused.
 */
export async function registerAuthority(
  authority: Authority,
  by: string,
  deps: Register,
): Promise<Registered | AnswerOf<'asked'> | Refused> {
  const subject = authorityName(authority.id);
  const refused = refuseUnreachable(calledOf(authority), deps);
  if (refused) return refused;
  for (let tries = 0; tries < decisionsMax; tries += 1) {
    const known = await deps.authorities.find(authority.id);
    if (known && known.revision >= authority.revision) return outdated(subject, known.revision);
    const what = `${subject}@${authority.revision}`;
    const moves = known === undefined || placeOf(known) !== placeOf(authority);
    const two = moves ? await consult({ what, digest: sha256(canonical(authority)), by }, deps) : undefined;
    if (two?.kind === 'first') {
      const asked = await recordAsked(two, { subject, facts: { revision: authority.revision } }, deps);
      if (asked) return asked;
      continue;
    }
    const writes = decideAuthority(authority, known, { by, ...(two && { second: two }) }, stampOf(deps));
    if ((await commitAndSend(writes, deps)).ok) return registered(subject, authority);
  }
  throw new Contended(`registration of ${subject}`);
}

/** Registers a client whose key Rescind rotates from now on, or a higher revision of its settings. Starts no rotation. */
export async function registerClient(
  client: Client,
  by: string,
  deps: Register,
): Promise<Registered | Refused> {
  const subject = clientName(client.id);
  const unreachable = refuseUnreachable({ 'client.registrationUri': client.registrationUri }, deps);
  if (unreachable) return unreachable;
  for (let tries = 0; tries < decisionsMax; tries += 1) {
    const known = await deps.clients.find(client.id);
    if (known && known.revision >= client.revision) return outdated(subject, known.revision);
    const refused = await unfit(client, known, deps);
    if (refused) return refused;
    const above = await aboveOf(client.partner, deps);
    if (fenceOver(above, undefined))
      return refusal(
        'cut-off-already',
        `${client.partner} is cut off: readmit it first (two operators register a higher revision of it)`,
      );
    const dueAt = rfc3339(deps.now() + client.everySeconds * 1000);
    const writes = decideClient(client, { known, above, dueAt }, by, stampOf(deps));
    const committed = await commitAndSend(writes, deps);
    if (committed.ok) return registered(subject, client);
    if (committed.failed.some(({ kind }) => kind === 'add-credential'))
      return refusal(
        'conflict',
        `key ${client.keyId} at ${client.authority} is already in the inventory as another credential: register the client with a new key`,
      );
  }
  throw new Contended(`registration of ${subject}`);
}

/** The endpoints that Rescind calls. The issuer is only a name: nothing is sent there. */
const calledOf = (authority: Authority) => ({
  'authority.tokenEndpoint': authority.tokenEndpoint,
  'authority.revocationEndpoint': authority.revocationEndpoint,
  'authority.introspectionEndpoint': authority.introspectionEndpoint,
});

/** The members that two operators must change: where the authority is, as whom Rescind calls it, what it revokes together. */
const placeOf = ({ auth, collateral = 'grant', ...authority }: Authority): string => {
  const { role, issuer, tokenEndpoint, revocationEndpoint, introspectionEndpoint } = authority;
  return canonical({
    ...{ role, issuer, tokenEndpoint, revocationEndpoint, introspectionEndpoint },
    ...{ auth, collateral },
  });
};

async function aboveOf(id: PartnerId, deps: Register): Promise<Above> {
  const partner = await deps.partners.find(id);
  if (!partner) return {};
  return { partner: { revision: partner.revision, fence: await deps.fences.find({ type: 'partner', id }) } };
}

async function unfit(
  client: Client,
  known: Client | undefined,
  deps: Register,
): Promise<Refused | undefined> {
  if (!(await deps.partners.find(client.partner)))
    return refusal('partner-unknown', `there is no partner ${client.partner}: register it first`);
  const authority = await deps.authorities.find(client.authority);
  if (!authority)
    return refusal('authority-unknown', `there is no authority ${client.authority}: register it first`);
  // the client's registration access token is sent there
  const { issuer, tokenEndpoint } = authority;
  if (![issuer, tokenEndpoint].some((url) => originOf(url) === originOf(client.registrationUri)))
    return refusal(
      'foreign-uri',
      `client.registrationUri must be at the host of the issuer or of the token endpoint of ${authority.id}`,
    );
  if (!known) return undefined;
  const rotation = await deps.rotations.find(client.id);
  const same = (['partner', 'authority', 'clientId'] as const).every((name) => known[name] === client[name]);
  if (same && [known.keyId, rotation?.current].includes(client.keyId)) return undefined;
  return refusal(
    'key-changed',
    `${client.id} is already registered with another partner, authority, client_id or key: register this client under another id`,
  );
}

const originOf = (url: string): string => /^https:\/\/[^/]+/.exec(url)?.[0].toLowerCase() ?? url;

const registered = (subject: string, { revision }: { readonly revision: number }): Registered => ({
  kind: 'registered',
  subject,
  revision,
});

const outdated = (subject: string, revision: number): Registered => ({ kind: 'outdated', subject, revision });
