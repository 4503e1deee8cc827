import { describe, expect, expectTypeOf, it } from 'vitest';
import type * as z from 'zod';
import type { EventOut } from '../../lib/domain/transaction/event-out.ts';
import type { CaseId, CredentialId } from '../../lib/domain/ids.ts';
import { type EventTypeOut, eventsOut } from '../../lib/wire/events-out.ts';
import { explain } from '../../lib/wire/explain.ts';
import { type Member, membersOf } from '../../lib/wire/members.ts';
import { type Json, setMember } from './announcements.ts';

const at = '2026-01-31T09:30:00.000Z';
const base = { version: 1, id: '01JHF3XH7PZ5K0V8Q6T2N4B9CD', at } as const;
const credential = {
  authority: 'bank',
  id: 'rt-1',
  kind: 'refresh_token',
  partner: 'acme',
  consent: { id: 'consent-1', generation: 1 },
  client: 'acme-app',
} as const;
const ref = { authority: 'bank', id: 'rt-0' } as const;
const ofCase = {
  version: 1,
  id: base.id,
  case: 'consent-withdrawn/consent-1/1/2',
  follows: 'consent-withdrawn/consent-1/1/1',
  kind: 'consent-withdrawn',
  subject: { type: 'consent', id: 'consent-1' },
  effectAt: at,
  completeAt: at,
  ...{ planned: 2, dead: 2, waived: 0, open: 0, uncovered: 0 },
} as const;
const ofConsent = {
  ...base,
  consent: credential.consent,
  case: 'consent-withdrawn/consent-1/1/1',
} as const;
const ofKey = { ...base, client: 'acme-app', partner: 'acme', authority: 'bank', key: 'kid-2' } as const;
const ofHold = {
  ...base,
  hold: 'credential/bank:rt-1/01JHOLD',
  subject: { type: 'credential', ...ref },
  by: 'arn:aws:iam::111122223333:user/alice',
} as const;

/** All that each event may hold. */
const full = {
  'Case Opened': ofCase,
  'Case Closed': { ...ofCase, kind: 'emergency-ordered', subject: { type: 'partner', id: 'acme' } },
  'Consent Withdrawn': ofConsent,
  'Consent Expired': ofConsent,
  'Credential Issued': { ...base, credential },
  'Credential Refreshed': { ...base, credential, replaces: ref },
  'Credential Exchanged': { ...base, credential, parent: ref },
  'Credential Expired': { ...base, credential: ref, case: 'credential-expired/bank:rt-0/1/1' },
  'Credential Revoked': {
    ...base,
    case: 'consent-withdrawn/consent-1/1/1',
    credentials: [
      {
        ...ref,
        kind: 'api_key',
        proof: { kind: 'refused', vantages: ['introspection'], control: 'canary', at },
      },
      {
        ...ref,
        kind: 'access_token',
        proof: { kind: 'lapsed', deadBy: '2026-01-31T10:30:00+01:00', at },
      },
    ],
  },
  'Secret Rotated': { ...ofKey, previous: 'kid-1' },
  'Secret Retired': { ...ofKey, case: 'secret-retired/bank:kid-2/1/1' },
  'Access Held': { ...ofHold, reason: 'odd traffic at night' },
  'Access Lifted': ofHold,
} as const satisfies { readonly [Type in EventTypeOut]: z.input<(typeof eventsOut)[Type]> };

const types = Object.keys(eventsOut) as EventTypeOut[];

/** Why a detail is refused; one that is taken is an error. */
function why(type: EventTypeOut, detail: unknown): string {
  const parsed = eventsOut[type].safeParse(detail);
  if (parsed.success) throw new Error(`${type} was taken`);
  return explain(parsed.error);
}

/** The members of every instance of the type that can be reached by names alone: elements of lists cannot. */
const reachable = (type: EventTypeOut): readonly Member[] =>
  membersOf(eventsOut[type]).filter(({ path }) => !path.includes('[]'));
const isThere = (type: EventTypeOut, path: string): boolean =>
  path.split('.').reduce<unknown>((value, name) => (value as Json | undefined)?.[name], full[type]) !==
  undefined;

describe.each(types)('%s', (type) => {
  it('is taken with all that it may hold', () => {
    expect(eventsOut[type].safeParse(full[type])).toMatchObject({ success: true, data: full[type] });
  });

  it('is refused with a member that is not known, at any depth', () => {
    const objects = reachable(type).filter(({ form }) => form.properties ?? form.oneOf);
    for (const path of ['', ...objects.map((member) => `${member.path}.`)])
      expect(why(type, setMember(full[type], `${path}colour`, 'red'))).toContain('Unrecognized key');
  });

  it('is refused without a member that is required, and taken without one that is not', () => {
    const members = reachable(type).filter(({ path }) => isThere(type, path));
    expect(members.length).toBeGreaterThan(3);
    for (const { path, required } of members) {
      const { success } = eventsOut[type].safeParse(setMember(full[type], path, undefined));
      expect([path, success]).toEqual([path, !required]);
    }
  });
});

describe('an event that leaves', () => {
  it('holds no member more in an element of a list or in its proof', () => {
    const [first, second] = full['Credential Revoked'].credentials;
    const withFirst = (over: object) => ({
      ...full['Credential Revoked'],
      credentials: [{ ...first, ...over }, second],
    });
    expect(why('Credential Revoked', withFirst({ handle: 'aa.bb.cc.dd.ee' }))).toContain('credentials.0: ');
    expect(why('Credential Revoked', withFirst({ proof: { ...first.proof, token: 't' } }))).toContain(
      'credentials.0.proof: ',
    );
    expect(why('Credential Revoked', withFirst({ proof: second.proof.at }))).toContain('credentials.0.proof');
  });

  it('names a credential that a case is about with its authority, and a consent without', () => {
    expect(why('Case Opened', { ...ofCase, subject: { type: 'credential', id: 'rt-1' } })).toContain(
      'subject.authority: ',
    );
    expect(
      why('Case Opened', { ...ofCase, subject: { type: 'consent', id: 'c', authority: 'bank' } }),
    ).toContain('subject: ');
  });

  it.each([
    ['id', 'event-1'],
    ['effectAt', '2026-01-31T10:30:00+01:00'],
    ['planned', -1],
    ['case', ''],
    ['kind', 'consent-paused'],
  ])('is refused where %s is %j', (member, value) => {
    expect(why('Case Closed', { ...ofCase, [member]: value })).toContain(`${member}: `);
  });
});

describe('the schemas of events that leave', () => {
  it('are one for each type of EventOut', () => {
    expectTypeOf<keyof typeof eventsOut>().toEqualTypeOf<EventOut['type']>();
    expect(types.toSorted()).toEqual(Object.keys(full).toSorted());
  });

  it('give the very details that decisions make, with the brands of their ids', () => {
    type Revoked = z.output<(typeof eventsOut)['Credential Revoked']>;
    expectTypeOf<Revoked['case']>().toEqualTypeOf<CaseId>();
    expectTypeOf<Revoked['credentials'][number]['id']>().toEqualTypeOf<CredentialId>();
    expectTypeOf<Omit<Revoked, 'version' | 'id'>>().toExtend<
      Extract<EventOut, { type: 'Credential Revoked' }>['detail']
    >();
  });

  it('take plain strings for ids, as they are on the wire', () => {
    type Told = z.input<(typeof eventsOut)['Secret Rotated']>;
    expectTypeOf<Told['key']>().toEqualTypeOf<string>();
    expectTypeOf<Told>().toExtend<{ readonly previous: string }>();
  });
});
