import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { credentialKinds } from '../../lib/domain/inventory/credential.ts';
import { type DetailType, envelope, eventsIn } from '../../lib/wire/events-in.ts';
import { explain } from '../../lib/wire/explain.ts';
import { full, type Json, minimal, setMember } from './announcements.ts';

const types = Object.keys(eventsIn) as DetailType[];
const parse = (type: DetailType, detail: unknown) => eventsIn[type].safeParse(detail);

/** The explanation of a refusal; a detail that is accepted is an error. */
function why(type: DetailType, detail: unknown): string {
  const parsed = parse(type, detail);
  if (parsed.success) throw new Error(`${type} was accepted`);
  return explain(parsed.error);
}

describe.each(types)('%s', (type) => {
  it('is accepted with the least that it must say', () => {
    expect(parse(type, minimal[type])).toMatchObject({ success: true, data: minimal[type] });
  });

  it('is accepted with all that it may say', () => {
    expect(parse(type, full[type])).toMatchObject({ success: true, data: full[type] });
  });

  it('is accepted with members that are not known, which are ignored', () => {
    const parsed = parse(type, { ...full[type], colour: 'red', nested: { deep: [1] } });
    expect(parsed).toEqual(parse(type, full[type]));
  });

  it.each([2, 0, '1', null, undefined])('is refused in version %j', (version) => {
    expect(why(type, setMember(minimal[type], 'version', version))).toContain('version: must be 1');
  });

  it.each(['', 'a b', 'é', 'x'.repeat(129), 'a\n', 7, null, undefined])('is refused with the id %j', (id) => {
    expect(why(type, setMember(minimal[type], 'id', id))).toContain('id: ');
  });

  it.each(['x', '~!/%#', 'x'.repeat(128)])('is accepted with the id %j', (id) => {
    expect(parse(type, setMember(minimal[type], 'id', id)).success).toBe(true);
  });

  it.each(['yesterday', '2026-01-31', '2026-01-31T09:30:00', '2026-02-30T09:30:00Z', 1769851800, undefined])(
    'is refused when it happened at %j',
    (occurredAt) => {
      expect(why(type, setMember(minimal[type], 'occurredAt', occurredAt))).toContain('occurredAt: must be');
    },
  );
});

/** Each member with values that it must not have. */
const malformed: readonly (readonly [DetailType, string, readonly unknown[]])[] = [
  ['Consent Granted', 'consent', [undefined, null, 'consent-1', []]],
  ['Consent Granted', 'consent.id', [undefined, '', 'a b', 4]],
  ['Consent Granted', 'consent.generation', [undefined, 0, -1, 1.5, '1', null, 1e15]],
  ['Consent Granted', 'partner', [undefined, '', 'a b', 4]],
  ['Consent Granted', 'customer', [undefined, '', 'a b', 4]],
  ['Consent Granted', 'scopes', [undefined, 'accounts', Array(101).fill('s')]],
  ['Consent Granted', 'grantedAt', [undefined, 'now']],
  ['Consent Granted', 'expiresAt', ['later', 5]],
  ['Consent Withdrawn', 'consent', [undefined, 7]],
  ['Consent Withdrawn', 'consent.id', [undefined, ' ', 'x'.repeat(129)]],
  ['Consent Withdrawn', 'consent.generation', [undefined, 0, '1']],
  ['Consent Withdrawn', 'partner', ['', 4]],
  ['Consent Withdrawn', 'by', [undefined, 'nobody', 'Customer', 4]],
  ['Consent Withdrawn', 'reason', ['x'.repeat(501), 4]],
  ['Credential Issued', 'credential', [undefined, null, 'rt-1']],
  ['Credential Issued', 'credential.authority', [undefined, '', 'a b']],
  ['Credential Issued', 'credential.id', [undefined, '', 'a b', 4]],
  ['Credential Issued', 'credential.kind', [undefined, 'password', 4]],
  ['Credential Issued', 'credential.partner', [undefined, '', 4]],
  ['Credential Issued', 'credential.consent', ['consent-1']],
  ['Credential Issued', 'credential.consent.generation', [undefined, 0]],
  ['Credential Issued', 'credential.grant', ['', 'a b', 4]],
  ['Credential Issued', 'credential.handle', ['a raw token', 'a.b.c', 'x'.repeat(20_000), 4]],
  ['Credential Issued', 'credential.sha256', ['ab', 'G'.repeat(64), 'A'.repeat(64), 4]],
  ['Credential Issued', 'credential.scopes', ['accounts', [''], ['x'.repeat(257)]]],
  ['Credential Issued', 'credential.expiresAt', ['soon', 4]],
  ['Credential Issued', 'credential.idleSeconds', [0, 1.5, '60']],
];

describe('a malformed member', () => {
  const rows = malformed.flatMap(([type, path, values]) =>
    values.map((value) => [type, path, value] as const),
  );

  it.each(rows)('of %s is named: %s as %j', (type, path, value) => {
    const detail: Json =
      type === 'Credential Issued' && path.startsWith('credential.consent') ? full[type] : minimal[type];
    expect(why(type, setMember(detail, path, value))).toContain(`${path}`);
  });

  it('is named with its place in a list', () => {
    expect(why('Consent Granted', { ...full['Consent Granted'], scopes: ['ok', ''] })).toContain(
      'scopes.1: ',
    );
  });

  it('is one of at most five in one line', () => {
    const line = why('Consent Granted', {});
    expect(line.split('; ')).toHaveLength(5);
    expect(line).not.toContain('\n');
  });

  it('is the detail itself where that is no object', () => {
    expect(why('Consent Withdrawn', 'text')).toContain('the detail: ');
  });
});

describe('a credential', () => {
  const bare = { authority: 'bank', kind: 'api_key', partner: 'fintech' };
  const issued = (credential: object) => ({ ...minimal['Credential Issued'], credential });

  it('is known by its hash where it has no id', () => {
    expect(parse('Credential Issued', issued({ ...bare, sha256: 'a'.repeat(64) })).success).toBe(true);
  });

  it('is refused where it has neither id nor hash', () => {
    expect(why('Credential Issued', issued(bare))).toBe(
      'credential.id: must be given, or sha256 in its place',
    );
  });

  it.each(credentialKinds)('may be of kind %s', (kind) => {
    expect(parse('Credential Issued', issued({ ...bare, id: 'k-1', kind })).success).toBe(true);
  });
});

describe('explain', () => {
  // P7: a sender may put a token anywhere; the explanation goes into logs, the ledger and a queue.
  const canary = 'CANARY-7d1c';
  const paths = malformed.map(([type, path]) => [type, path] as const);

  it('never repeats a value that was sent', () => {
    const value = fc.oneof(
      fc.constant(canary),
      fc.constant(`${canary} with spaces`),
      fc.constant([canary, { [canary]: canary }]),
      fc.constant({ [canary]: canary, id: `${canary} x`, generation: canary }),
      fc.constant(canary.repeat(100)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), value, ([type, path], sent) => {
        const detail = setMember(full[type] as Json, path, sent);
        const parsed = parse(type, { ...detail, [canary]: canary });
        expect(parsed.success ? '' : explain(parsed.error)).not.toContain('CANARY');
      }),
      { numRuns: 400 },
    );
  });

  it('never repeats a detail of another shape', () => {
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.jsonValue(), (type, detail) => {
        const sent = JSON.parse(JSON.stringify({ detail, [canary]: [canary] })) as Json;
        expect(why(type, sent)).not.toContain('CANARY');
        expect(why(type, canary)).not.toContain('CANARY');
      }),
    );
  });

  it('never repeats a value of the envelope', () => {
    const parsed = envelope.safeParse({ id: 4, source: [canary], detail: canary, [canary]: canary });
    const line = parsed.success ? 'accepted CANARY' : explain(parsed.error);
    expect(line).not.toContain('CANARY');
  });
});
