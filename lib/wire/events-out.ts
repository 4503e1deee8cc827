import * as z from 'zod';
import { caseKinds } from '../domain/case/case.ts';
import { credentialKinds } from '../domain/inventory/credential.ts';
import type { EventOut } from '../domain/transaction/event-out.ts';
import { authorityId, caseId, clientId, consentId, credentialId, holdId, partnerId } from '../domain/ids.ts';

const id = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable ASCII characters without spaces');
const time = z.iso.datetime({ error: 'must be an RFC 3339 time in UTC' }).max(64);
/** As the sender wrote it, normalized: see `time` of the events in. */
const toldTime = z.iso.datetime({ offset: true, error: 'must be an RFC 3339 time with an offset' }).max(64);
const count = z.int().min(0);
/** Made of the ids of its subject, percent-encoded. */
const longId = z
  .string()
  .regex(/^[\x21-\x7e]{1,900}$/, 'must be 1 to 900 printable ASCII characters without spaces');

const authority = id.transform(authorityId);
const partner = id.transform(partnerId);
const client = id.transform(clientId);
const key = id.transform(credentialId);
const hold = longId.transform(holdId);
const caseName = longId.transform(caseId);
const kind = z.enum(credentialKinds);

const credentialRef = z.strictObject({ authority, id: key });
const consentRef = z.strictObject({ id: id.transform(consentId), generation: z.int().min(1) });

const subject = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('consent'), id: id.transform(consentId) }),
  z.strictObject({ type: z.literal('partner'), id: partner }),
  z.strictObject({ type: z.literal('credential'), authority, id: key }),
]);

const proof = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('refused'),
    vantages: z.array(z.string().min(1).max(64)),
    control: z.enum(['seen-active-before', 'canary']),
    at: time,
  }),
  z.strictObject({ kind: z.literal('lapsed'), deadBy: toldTime, at: time }),
]);

/** What the outbox puts before each detail; the id is the same at each repetition. */
const base = { version: z.literal(1), id: z.ulid('must be a ULID') };

const ofCase = z.strictObject({
  ...base,
  case: caseName,
  follows: caseName.optional(),
  kind: z.enum(caseKinds),
  subject,
  effectAt: time,
  completeAt: time.optional(),
  planned: count,
  dead: count,
  waived: count,
  open: count,
  uncovered: count,
});

const announced = z.strictObject({
  authority,
  id: key,
  kind,
  partner,
  consent: consentRef.optional(),
  client: client.optional(),
});

const ofConsent = z.strictObject({ ...base, consent: consentRef, case: caseName, at: time });
const ofKey = { ...base, client, partner, authority: id, key, at: time };
const ofHold = { ...base, hold, subject, by: z.string().min(1).max(2_048), at: time };

/** The events that leave, by detail-type: all that each detail may hold, and no member more. */
const schemas = {
  'Case Opened': ofCase,
  'Case Closed': ofCase,
  'Consent Withdrawn': ofConsent,
  'Consent Expired': ofConsent,
  'Credential Issued': z.strictObject({ ...base, credential: announced, at: time }),
  'Credential Refreshed': z.strictObject({
    ...base,
    credential: announced,
    replaces: credentialRef,
    at: time,
  }),
  'Credential Exchanged': z.strictObject({ ...base, credential: announced, parent: credentialRef, at: time }),
  'Credential Expired': z.strictObject({ ...base, credential: credentialRef, case: caseName, at: time }),
  'Credential Revoked': z.strictObject({
    ...base,
    case: caseName,
    credentials: z.array(z.strictObject({ ...credentialRef.shape, kind, proof })),
    at: time,
  }),
  'Secret Rotated': z.strictObject({ ...ofKey, previous: key }),
  'Secret Retired': z.strictObject({ ...ofKey, case: caseName }),
  'Access Held': z.strictObject({ ...ofHold, reason: z.string().min(1).max(500) }),
  'Access Lifted': z.strictObject(ofHold),
};

export type EventTypeOut = EventOut['type'];

/** The events that leave, by EventBridge detail-type: each schema says what `EventOut` says, or this does not compile. */
export const eventsOut: Agreed<typeof schemas> = schemas;

/** A detail as the outbox writes it. */
type DetailOut<Type> = { readonly version: 1; readonly id: string } & DetailIn<EventOut, Type>;
type DetailIn<Event extends EventOut, Type> = Event extends unknown
  ? Type extends Event['type']
    ? Event['detail']
    : never
  : never;

/** The schemas as they are, but for those that say more, less or something else than `EventOut`. */
type Agreed<Schemas> = {
  readonly [Type in keyof Schemas | EventTypeOut]: Type extends keyof Schemas
    ? [DetailIn<EventOut, Type>] extends [never]
      ? 'no such event leaves'
      : Says<Schemas[Type], DetailOut<Type>> extends true
        ? Schemas[Type]
        : 'the schema and EventOut have parted'
    : 'has no schema';
};

/** What is parsed is the very detail, with the brands of its ids; what is on the wire is the same without them. */
type Says<Schema, Detail> = Schema extends z.ZodType
  ? [Same<Plain<z.output<Schema>>, Plain<Detail>>, Same<Bare<z.input<Schema>>, Bare<Detail>>] extends [
      true,
      true,
    ]
    ? true
    : false
  : false;

/** True for types that are one and the same, optional members included: assignability overlooks a missing one. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Without `readonly`, and each intersection as one object. */
type Plain<T> = T extends string ? T : T extends object ? { -readonly [Name in keyof T]: Plain<T[Name]> } : T;

/** The same, and ids as the strings that they are. */
type Bare<T> = T extends string
  ? keyof T extends keyof string
    ? T
    : string
  : T extends object
    ? { -readonly [Name in keyof T]: Bare<T[Name]> }
    : T;
