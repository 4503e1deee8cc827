import * as z from 'zod';
import { credentialKinds } from '../domain/inventory/credential.ts';
import { generationMax } from '../domain/limits.ts';
import { authorityId, consentId, credentialId, grantId, partnerId } from '../domain/ids.ts';
import { optional } from './forms/optional.ts';
import { time } from './forms/time.ts';

/** Printable ASCII without spaces: survives keys, logs and URLs unchanged. */
const id = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable ASCII characters without spaces');

const generation = z.int().min(1).max(generationMax);

const scopes = z.array(z.string().min(1).max(256)).max(100);

const partner = id.transform(partnerId);

const consentRef = z.object({ id: id.transform(consentId), generation });

const credentialRef = z.object({ authority: id.transform(authorityId), id: id.transform(credentialId) });

const base = {
  version: z.literal(1, 'must be 1: this is the only version spoken here'),
  id,
  occurredAt: time,
};

const credential = z
  .object({
    authority: id.transform(authorityId),
    id: optional(id.transform(credentialId)),
    kind: z.enum(credentialKinds),
    partner,
    consent: optional(consentRef),
    grant: optional(id.transform(grantId)),
    handle: optional(
      z
        .string()
        .max(16_384)
        .regex(
          /^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+$/,
          'must be a compact JWE made for the published key, never a raw token',
        ),
    ),
    sha256: optional(z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits')),
    scopes: optional(scopes),
    expiresAt: optional(time),
    idleSeconds: optional(z.int().min(1)),
  })
  .refine((value) => value.id !== undefined || value.sha256 !== undefined, {
    path: ['id'],
    error: 'must be given, or sha256 in its place',
  });

/** The events that are heard, by EventBridge detail-type. Unknown members are ignored. */
export const eventsIn = {
  'Consent Granted': z.object({
    ...base,
    consent: consentRef,
    partner,
    /** The sender's own id: it goes no further than the intake. */
    customer: id,
    scopes,
    grantedAt: time,
    expiresAt: optional(time),
  }),
  'Consent Withdrawn': z.object({
    ...base,
    consent: consentRef,
    partner: optional(partner),
    by: z.enum(['customer', 'bank', 'partner', 'authority']),
    reason: optional(z.string().max(500)),
  }),
  'Credential Issued': z.object({ ...base, credential }),
  'Credential Refreshed': z.object({ ...base, credential, replaces: credentialRef }),
  'Credential Exchanged': z.object({ ...base, credential, parent: credentialRef }),
} as const;

export type DetailType = keyof typeof eventsIn;
export type DetailOf<Type extends DetailType> = z.output<(typeof eventsIn)[Type]>;

/** An announcement whose form is right. */
export type Announcement = {
  [Type in DetailType]: { readonly type: Type; readonly detail: DetailOf<Type> };
}[DetailType];

/** Of the sender, and recorded as it is: it has to fit into an entry, and a lone surrogate has no canonical form (RFC 8785). */
const told = z
  .string()
  .max(1_024)
  .regex(/^\P{Cs}*$/u, 'must be well-formed Unicode');

/** The envelope that EventBridge puts around a detail, as far as it is read here. */
export const envelope = z.object({
  id: told,
  source: told,
  account: told,
  time: told,
  'detail-type': z.string().max(1_024),
  detail: z.record(z.string(), z.unknown()),
});

export type Envelope = z.output<typeof envelope>;
