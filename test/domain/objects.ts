import type { Authority } from '../../lib/domain/inventory/authority.ts';
import { type Case, caseIdOf } from '../../lib/domain/case/case.ts';
import type { Consent } from '../../lib/domain/inventory/consent.ts';
import type { Credential } from '../../lib/domain/inventory/credential.ts';
import type { Evidence } from '../../lib/domain/decisions/proof/judge.ts';
import type { Stamp } from '../../lib/domain/transaction/stamp.ts';
import type { Entry } from '../../lib/domain/transaction/entry.ts';
import type { Fence } from '../../lib/domain/case/fence.ts';
import type { CutOff } from '../../lib/domain/emergency/cut-off.ts';
import { type Hold, holdIdOf } from '../../lib/domain/emergency/hold.ts';
import {
  authorityId,
  clientId,
  consentId,
  credentialId,
  customerId,
  customerPrint,
  cutOffId,
  partnerId,
} from '../../lib/domain/ids.ts';
import type { Client } from '../../lib/domain/rotation/client.ts';
import type { Rotation } from '../../lib/domain/rotation/rotation.ts';
import type { Obligation } from '../../lib/domain/case/obligation.ts';
import type { Partner } from '../../lib/domain/inventory/partner.ts';
import type { Sighting } from '../../lib/domain/case/sighting.ts';
import type { SignalOf } from '../../lib/domain/intake/signal.ts';
import type { Write } from '../../lib/domain/transaction/write.ts';

/** The instant at which these tests happen. */
export const now = Date.parse('2026-01-31T09:30:00.000Z');
export const rfc3339 = (ms: number): string => new Date(ms).toISOString();
export const at = rfc3339(now);

export function stampOf(time = now): Stamp {
  let made = 0;
  return { now: time, at: rfc3339(time), newId: () => `id-${(made += 1)}` };
}

export const partnerOf = (over: Partial<Partner> = {}): Partner => ({
  id: partnerId('fintech'),
  name: 'Fintech Ltd',
  revision: 1,
  ...over,
});

export const authorityOf = (over: Partial<Authority> = {}): Authority => ({
  id: authorityId('bank'),
  revision: 1,
  kind: 'oauth',
  role: 'operator',
  issuer: 'https://bank.example',
  tokenEndpoint: 'https://bank.example/token',
  revocationEndpoint: 'https://bank.example/revoke',
  introspectionEndpoint: 'https://bank.example/introspect',
  auth: { method: 'private_key_jwt', clientId: 'rescind', secretName: 'rescind/authority/bank' },
  ...over,
});

export const consentOf = (over: Partial<Consent> = {}): Consent => ({
  id: consentId('consent-1'),
  generation: 1,
  partner: partnerId('fintech'),
  customer: customerId('customer-1'),
  scopes: ['accounts'],
  grantedAt: '2026-01-01T00:00:00Z',
  state: 'granted',
  ...over,
});

export const credentialOf = (over: Partial<Credential> = {}): Credential => ({
  authority: authorityId('bank'),
  id: credentialId('rt-1'),
  kind: 'refresh_token',
  partner: partnerId('fintech'),
  consent: { id: consentId('consent-1'), generation: 1 },
  state: 'live',
  round: 1,
  ...over,
});

/** `rt-0`, `rt-1`, ... at one authority. */
export const credentialsOf = (count: number, over: Partial<Credential> = {}): Credential[] =>
  Array.from({ length: count }, (_, index) => credentialOf({ id: credentialId(`rt-${index}`), ...over }));

export function caseOf(over: Partial<Case> = {}): Case {
  const about = {
    kind: 'consent-withdrawn',
    subject: { type: 'consent', id: consentId('consent-1') },
    generation: 1,
    round: 1,
    ...over,
  } as const;
  return { id: caseIdOf(about), state: 'open', shards: 1, cursors: 1, effectAt: at, ...about };
}

export const fenceOf = (over: Partial<Fence> = {}): Fence => ({
  subject: { type: 'consent', id: consentId('consent-1') },
  generation: 1,
  case: caseOf(over.generation === undefined ? {} : { generation: over.generation }).id,
  at,
  ...over,
});

export const obligationOf = (over: Partial<Obligation> = {}): Obligation => ({
  case: caseOf().id,
  shard: 0,
  authority: authorityId('bank'),
  id: credentialId('rt-1'),
  kind: 'refresh_token',
  partner: partnerId('fintech'),
  state: 'open',
  round: 1,
  attempts: 0,
  dueAt: at,
  uncovered: false,
  ...over,
});

export const clientOf = (over: Partial<Client> = {}): Client => ({
  id: clientId('fintech-app'),
  revision: 1,
  partner: partnerId('fintech'),
  authority: authorityId('bank'),
  strategy: 'private-key-jwt',
  clientId: 'fintech-app',
  registrationUri: 'https://bank.example/reg/fintech-app',
  keyId: credentialId('key-1'),
  overlapSeconds: 600,
  everySeconds: 86_400,
  ...over,
});

export const rotationOf = (over: Partial<Rotation> = {}): Rotation => ({
  client: clientId('fintech-app'),
  number: 0,
  state: 'resting',
  current: credentialId('key-1'),
  dueAt: at,
  ...over,
});

export const holdOf = ({
  subject = { type: 'partner', id: partnerId('fintech') },
  ...over
}: Partial<Hold> = {}): Hold => ({
  id: holdIdOf(subject, '01J00000000000000000000000'),
  subject,
  state: 'held',
  reason: 'odd traffic',
  by: 'arn:aws:iam::111122223333:user/alice',
  at,
  ...over,
});

export const cutOffOf = (over: Partial<CutOff> = {}): CutOff => ({
  id: cutOffId('01J00000000000000000000001'),
  partner: partnerId('fintech'),
  revision: 1,
  reason: 'key leaked',
  by: 'arn:aws:iam::111122223333:user/alice',
  at,
  until: rfc3339(now + 3_600_000),
  state: 'ready',
  count: 2,
  uncovered: 0,
  digest: 'd'.repeat(64),
  ...over,
});

export const seen = (answer: Sighting['answer'], time = now, because: string = answer): Sighting => ({
  vantage: 'introspection',
  answer,
  because,
  at: time,
});

/** Nothing seen, the revocation accepted. */
export const evidenceOf = (over: Partial<Evidence> = {}): Evidence => ({
  before: [],
  revoked: { kind: 'accepted' },
  after: [],
  now,
  at,
  ...over,
});

const signal = {
  key: { account: '111122223333', source: 'bank.consents', id: 'event-1' },
  digest: 'd'.repeat(64),
  occurredAt: '2026-01-31T09:29:58Z',
} as const;

export const withdrawalOf = (
  over: Partial<SignalOf<'ConsentWithdrawn'>> = {},
): SignalOf<'ConsentWithdrawn'> => ({
  ...signal,
  kind: 'ConsentWithdrawn',
  consent: { id: consentId('consent-1'), generation: 1 },
  by: 'customer',
  ...over,
});

export function grantOf(consent: Partial<Consent> = {}): SignalOf<'ConsentGranted'> {
  const { state: _, ...told } = consentOf(consent);
  return { ...signal, kind: 'ConsentGranted', consent: { ...told, customer: customerPrint('print') } };
}

export function issueOf(credential: Partial<Credential> = {}): SignalOf<'CredentialIssued'> {
  const { state: _, round: __, ...told } = credentialOf(credential);
  return { ...signal, kind: 'CredentialIssued', credential: told };
}

export type WriteOf<Kind extends Write['kind']> = Extract<Write, { readonly kind: Kind }>;

/** The writes of one kind, in order. */
export const only = <Kind extends Write['kind']>(writes: readonly Write[], kind: Kind): WriteOf<Kind>[] =>
  writes.filter((write): write is WriteOf<Kind> => write.kind === kind);

/** The one ledger entry of a transaction; anything else than one is an error. */
export function entryOf(writes: readonly Write[]): Entry {
  const [write, ...more] = only(writes, 'append-entry');
  if (!write || more.length > 0)
    throw new Error(`${1 + more.length} entries or none, where one was promised`);
  return write.entry;
}
