/** The least that each event must say. */
export const minimal = {
  'Consent Granted': {
    version: 1,
    id: 'event-1',
    occurredAt: '2026-01-31T09:30:00Z',
    consent: { id: 'consent-1', generation: 1 },
    partner: 'fintech',
    customer: 'customer-1',
    scopes: [],
    grantedAt: '2026-01-31T09:30:00Z',
  },
  'Consent Withdrawn': {
    version: 1,
    id: 'event-1',
    occurredAt: '2026-01-31T09:30:00Z',
    consent: { id: 'consent-1', generation: 1 },
    by: 'customer',
  },
  'Credential Issued': {
    version: 1,
    id: 'event-1',
    occurredAt: '2026-01-31T09:30:00Z',
    credential: { authority: 'bank', id: 'rt-1', kind: 'refresh_token', partner: 'fintech' },
  },
  'Credential Refreshed': {
    version: 1,
    id: 'event-1',
    occurredAt: '2026-01-31T09:30:00Z',
    credential: { authority: 'bank', id: 'rt-2', kind: 'refresh_token', partner: 'fintech' },
    replaces: { authority: 'bank', id: 'rt-1' },
  },
  'Credential Exchanged': {
    version: 1,
    id: 'event-1',
    occurredAt: '2026-01-31T09:30:00Z',
    credential: { authority: 'aggregator', id: 'xt-1', kind: 'access_token', partner: 'fintech' },
    parent: { authority: 'bank', id: 'at-1' },
  },
} as const;

const credential = {
  consent: { id: 'consent-1', generation: 2 },
  grant: 'grant-1',
  handle: 'aa.bb.cc.dd.ee',
  sha256: '0123456789abcdef'.repeat(4),
  scopes: ['accounts'],
  expiresAt: '2026-07-31T09:30:00Z',
  idleSeconds: 3600,
} as const;

/** All that each event may say. */
export const full = {
  'Consent Granted': {
    ...minimal['Consent Granted'],
    scopes: ['accounts', 'payments'],
    expiresAt: '2026-07-31T09:30:00+01:00',
  },
  'Consent Withdrawn': { ...minimal['Consent Withdrawn'], partner: 'fintech', reason: 'moved banks' },
  'Credential Issued': {
    ...minimal['Credential Issued'],
    credential: { ...minimal['Credential Issued'].credential, ...credential },
  },
  'Credential Refreshed': {
    ...minimal['Credential Refreshed'],
    credential: { ...minimal['Credential Refreshed'].credential, ...credential },
  },
  'Credential Exchanged': {
    ...minimal['Credential Exchanged'],
    credential: { ...minimal['Credential Exchanged'].credential, ...credential },
  },
} as const;

export type Json = { readonly [member: string]: unknown };

/** The same value with one member, named by its path, set to something else; `undefined` takes it out. */
export function setMember(value: Json, path: string, to: unknown): Json {
  const [first = '', ...rest] = path.split('.');
  const { [first]: old, ...others } = value;
  if (rest.length > 0) return { ...value, [first]: setMember(old as Json, rest.join('.'), to) };
  return to === undefined ? others : { ...others, [first]: to };
}
