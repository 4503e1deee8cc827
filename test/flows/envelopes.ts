import { createHash } from 'node:crypto';
import type { Heard, Hearing } from '../../lib/flows/intake/hear-signal.ts';
import { full } from '../wire/announcements.ts';

export const account = '111122223333';

/** Accepts one source of its own account and one of a partner's account; its fingerprints show their input. */
export const hearing: Hearing = {
  account,
  senders: [
    { source: 'bank.consents', partners: '*', authorities: '*' },
    { account: '999988887777', source: 'aggregator', partners: '*', authorities: '*' },
    { source: 'twice', partners: '*', authorities: '*' },
    { account: '111122223333', source: 'twice', partners: ['acme'], authorities: '*' },
  ],
  fingerprint: async (sha256) => `print-of-${sha256}`,
  fingerprintFor: async (purpose, text) => `${purpose}-of-${createHash('sha256').update(text).digest('hex')}`,
};

export const withdrawn = full['Consent Withdrawn'];

/** The body of a queue message, as EventBridge writes it. */
export function bodyOf(detail: unknown = withdrawn, over: object = {}): string {
  return JSON.stringify({
    version: '0',
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    'detail-type': 'Consent Withdrawn',
    source: 'bank.consents',
    account,
    time: '2026-01-31T09:30:01Z',
    region: 'eu-west-1',
    resources: [],
    detail,
    ...over,
  });
}

/** Returns the parsed signal; throws on a rejection. */
export function signalIn(heard: Heard) {
  if (heard.kind === 'rejected')
    throw new Error(`rejected: ${heard.rejection.code}: ${heard.rejection.reason}`);
  return heard.signal;
}

/** Returns the rejection; throws on a signal. */
export function rejectionIn(heard: Heard) {
  if (heard.kind === 'signal') throw new Error(`parsed as ${heard.signal.kind}`);
  return heard.rejection;
}
