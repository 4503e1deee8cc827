import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hearSignal } from '../../../lib/flows/intake/hear-signal.ts';
import { full } from '../../wire/announcements.ts';
import { account, bodyOf, hearing, rejectionIn, signalIn, withdrawn } from '../envelopes.ts';

const hear = (body: string) => hearSignal(body, hearing);
const digestOf = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

describe('parseSignal: accepted announcements', () => {
  it('parses a withdrawal', async () => {
    expect(signalIn(await hear(bodyOf()))).toMatchObject({
      kind: 'ConsentWithdrawn',
      key: { account, source: 'bank.consents', id: 'event-1' },
      consent: { id: 'consent-1', generation: 1 },
      partner: 'fintech',
      by: 'customer',
      reason: 'moved banks',
      occurredAt: '2026-01-31T09:30:00Z',
    });
  });

  it('parses a granted consent', async () => {
    const body = bodyOf(full['Consent Granted'], { 'detail-type': 'Consent Granted' });
    expect(signalIn(await hear(body))).toMatchObject({
      kind: 'ConsentGranted',
      consent: { id: 'consent-1', generation: 1, scopes: ['accounts', 'payments'] },
    });
  });

  it('keeps only keyed fingerprints of a customer, and no digest from which the customer could be guessed', async () => {
    const heard = async (customer: string) =>
      signalIn(
        await hear(bodyOf({ ...full['Consent Granted'], customer }, { 'detail-type': 'Consent Granted' })),
      );
    const signal = await heard('customer-1');
    expect(JSON.stringify(signal)).not.toContain('customer-1');
    expect(signal).toMatchObject({
      consent: { customer: expect.stringMatching(/^customer-of-[0-9a-f]{64}$/) as string },
    });
    expect(signal.digest).toMatch(/^announcement-of-/);
    expect((await heard('customer-2')).digest).not.toBe(signal.digest);
  });

  it('accepts a sender of another account that is on the list', async () => {
    const { key } = signalIn(
      await hear(bodyOf(withdrawn, { account: '999988887777', source: 'aggregator' })),
    );
    expect(key).toEqual({ account: '999988887777', source: 'aggregator', id: 'event-1' });
  });
});

describe('parseSignal: refused senders', () => {
  it.each([
    ['a foreign account', { account: '123456789012' }],
    ['a foreign source', { source: 'bank.other' }],
    ['a source that is listed for another account', { source: 'aggregator' }],
    ['an account that is listed for another source', { account: '999988887777' }],
    ['a source that is listed twice for one account', { source: 'twice' }],
    ['a source in other letters', { source: 'Bank.Consents' }],
  ])('refuses %s', async (_, over) => {
    expect(rejectionIn(await hear(bodyOf(withdrawn, over)))).toMatchObject({ code: 'foreign' });
  });

  it('refuses a foreign sender before it reads the announcement', async () => {
    const over = { account: '123456789012', 'detail-type': 'Something Else' };
    expect(rejectionIn(await hear(bodyOf({}, over))).code).toBe('foreign');
  });
});

describe('parseSignal: refused announcements', () => {
  it.each(['Consent Revoked', 'consent withdrawn', '', 'toString', '__proto__', 'constructor'])(
    'refuses the detail-type %j',
    async (type) => {
      expect(rejectionIn(await hear(bodyOf(withdrawn, { 'detail-type': type })))).toMatchObject({
        code: 'unknown-type',
        reason:
          'detail-type must be one of: Consent Granted, Consent Withdrawn, Credential Issued, Credential Refreshed, Credential Exchanged',
      });
    },
  );

  it('names the malformed member and not its value', async () => {
    const { code, reason } = rejectionIn(await hear(bodyOf({ ...withdrawn, by: 'CANARY' })));
    expect(code).toBe('malformed');
    expect(reason).toContain('by: ');
    expect(reason).not.toContain('CANARY');
  });

  it.each(['', '{', 'CANARY', '{"a":CANARY}'])('refuses a body that is not JSON: %j', async (body) => {
    expect(rejectionIn(await hear(body))).toEqual({
      code: 'malformed',
      reason: 'the message is not JSON',
      digest: digestOf(body),
    });
  });

  it.each(['null', '[]', '"CANARY"', '7', '{"source":"bank.consents"}'])(
    'refuses JSON that is no EventBridge event: %s',
    async (body) => {
      const { code, reason, digest } = rejectionIn(await hear(body));
      expect({ code, digest }).toEqual({ code: 'malformed', digest: digestOf(body) });
      expect(reason).toMatch(/^not an EventBridge event: /);
      expect(reason).not.toContain('CANARY');
    },
  );

  it('refuses a detail that is nested deeper than the stack', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const body = bodyOf(withdrawn).replace('"by":', `"extra":${deep},"by":`);
    expect(rejectionIn(await hear(body))).toMatchObject({ code: 'malformed', digest: digestOf(body) });
  });

  it('refuses deep nesting without an envelope', async () => {
    const body = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(rejectionIn(await hear(body)).code).toBe('malformed');
  });

  it('refuses a number that has no canonical form', async () => {
    const body = bodyOf(withdrawn).replace('"by":', '"extra":1e400,"by":');
    expect(rejectionIn(await hear(body)).code).toBe('malformed');
  });
});

describe('parseSignal: the digest', () => {
  const digest = async (detail: unknown, over: object = {}) =>
    signalIn(await hear(bodyOf(detail, over))).digest;

  it('is equal for two envelopes around the same detail', async () => {
    const other = { id: 'another', time: '2026-02-01T00:00:00Z', region: 'eu-central-1', resources: ['x'] };
    expect(await digest(withdrawn, other)).toBe(await digest(withdrawn));
  });

  it('is equal for every order of the members', async () => {
    const turned = Object.fromEntries(Object.entries(withdrawn).reverse());
    expect(await digest(turned)).toBe(await digest(withdrawn));
  });

  it('is different for another detail', async () => {
    expect(await digest({ ...withdrawn, by: 'bank' })).not.toBe(await digest(withdrawn));
  });

  it('is different for an additional unknown member', async () => {
    expect(await digest({ ...withdrawn, extra: 1 })).not.toBe(await digest(withdrawn));
  });

  it('is different for the same detail under another type', async () => {
    const heard = await hear(bodyOf(withdrawn, { 'detail-type': 'Consent Granted' }));
    expect(rejectionIn(heard).digest).not.toBe(await digest(withdrawn));
  });

  it('is the SHA-256 of the canonical announcement', async () => {
    const detail = {
      by: 'bank',
      consent: { generation: 1, id: 'c' },
      id: 'e',
      occurredAt: '2026-01-31T09:30:00Z',
    };
    const canonical = `{"detail":{"by":"bank","consent":{"generation":1,"id":"c"},"id":"e","occurredAt":"2026-01-31T09:30:00Z","version":1},"type":"Consent Withdrawn"}`;
    expect(await digest({ ...detail, version: 1 })).toBe(digestOf(canonical));
  });
});
