import type { Rejection } from '../../../lib/domain/decisions/intake/reject.ts';
import { type DetailType, eventsIn } from '../../../lib/wire/events-in.ts';
import { type Form, formOf, type Member, membersOf } from '../../../lib/wire/members.ts';
import type { Json } from '../announcements.ts';
import { exampleOf } from './example-of.ts';
import { canary } from './wrong-values.ts';

/** Whose events are made. */
export interface Sender {
  readonly account: string;
  readonly source: string;
}

/** What PutEvents takes. */
export interface BusEntry {
  readonly source: string;
  readonly type: string;
  readonly detail: string;
}

/** One event that was made wrong. */
export interface Made {
  readonly label: string;
  /** What is in the queue when it has come over the bus, or was put there past it. */
  readonly body: string;
  /** How to send it over the bus; absent where the bus itself would refuse or mend it. */
  readonly entry?: BusEntry | undefined;
  readonly code: Rejection['code'];
  /** What the reason has to name, each: members by their paths, or rules. */
  readonly names: readonly RegExp[];
  /** What the reason must not repeat. */
  readonly sent: readonly string[];
}

export const types = Object.keys(eventsIn) as DetailType[];

export const exampleOfType = (type: DetailType): Json => exampleOf(formOf(eventsIn[type])) as Json;

export const membersOfType = (type: DetailType): readonly Member[] => membersOf(eventsIn[type]);

/** A reason that speaks of this member, or of something in it. */
export const namingMember = (path: string): RegExp =>
  new RegExp(`(^|; )${path.replaceAll('.', String.raw`\.`)}(\\.\\w+)*: `);

/** EventBridge's limit is 256 KB for all that is sent in one request. */
const busCharactersMax = 200_000;

/** The event with this detail; each says something of its own, so that no two are the same announcement. */
export function madeOf(
  sender: Sender,
  type: string,
  detail: Json,
  what: Pick<Made, 'label' | 'names'> & Partial<Made>,
): Made {
  return madeOfText(sender, type, JSON.stringify({ ...detail, note: `${canary} ${type} ${what.label}` }), {
    ...what,
    label: `${type}: ${what.label}`,
  });
}

/** The same, the detail as JSON text. */
export function madeOfText(
  sender: Sender,
  type: string,
  detail: string,
  what: Pick<Made, 'label' | 'names'> & Partial<Made>,
): Made {
  const entry = { source: sender.source, type, detail };
  return {
    body: bodyOf(sender, type, detail),
    ...(detail.length < busCharactersMax && { entry }),
    code: 'malformed',
    sent: [],
    ...what,
  };
}

/** As EventBridge writes it into a queue. */
export function bodyOf({ account, source }: Sender, type: string, detail: string): string {
  const envelope = {
    version: '0',
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    'detail-type': type,
    source,
    account,
    time: '2026-01-31T09:30:01Z',
    region: 'eu-west-1',
    resources: [],
  };
  return `${JSON.stringify(envelope).slice(0, -1)},"detail":${detail}}`;
}

/** What a reader could tell from the rest of a reason, were it repeated. */
export function telling(value: unknown): readonly string[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length < 5 ? [] : [text];
}

/** A form without what its member is called: equal for all ids, all times and so on. */
export const kindOf = (form: Form): string => JSON.stringify(form);
