import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Authority } from '../../../domain/inventory/authority.ts';
import { type Case, caseKinds, type Cursor, type Tally } from '../../../domain/case/case.ts';
import type { Consent } from '../../../domain/inventory/consent.ts';
import { type Credential, credentialKinds } from '../../../domain/inventory/credential.ts';
import type { GrantRef } from '../../../domain/inventory/delegation.ts';
import type { LinkedCustomer } from '../../../domain/inventory/customer.ts';
import type { Fence } from '../../../domain/case/fence.ts';
import {
  authorityId,
  caseId,
  clientId,
  consentId,
  credentialId,
  customerId,
  customerPrint,
  grantId,
  partnerId,
} from '../../../domain/ids.ts';
import type { Note } from '../../../domain/case/note.ts';
import type { Obligation } from '../../../domain/case/obligation.ts';
import type { Partner } from '../../../domain/inventory/partner.ts';

export type Item = Record<string, AttributeValue>;

export const toItem = (row: object): Item =>
  marshall(row, { removeUndefinedValues: true, convertEmptyValues: false });

/** Returns a parser of stored rows. It throws where a row does not have the expected shape. */
export function reader<Row>(schema: z.ZodType<Row>): (item: Item | undefined) => Row | undefined {
  return (item) => {
    if (!item) return undefined;
    const parsed = schema.safeParse(unmarshall(item));
    if (parsed.success) return parsed.data;
    const where = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
    throw new Error(`row ${item['pk']?.S ?? '?'} / ${item['sk']?.S ?? '-'} does not parse: ${where}`);
  };
}

const text = z.string();
const count = z.int();
const consentRef = z.object({ id: text.transform(consentId), generation: count });
const credentialRef = { authority: text.transform(authorityId), id: text.transform(credentialId) };

export const toPartner = reader<Partner>(
  z.object({ id: text.transform(partnerId), revision: count, name: text, regime: text.optional() }),
);

export const toAuthority = reader<Authority>(
  z.object({
    id: text.transform(authorityId),
    revision: count,
    kind: z.literal('oauth'),
    role: z.enum(['operator', 'party']),
    issuer: text,
    tokenEndpoint: text,
    revocationEndpoint: text,
    introspectionEndpoint: text,
    auth: z.discriminatedUnion('method', [
      z.object({
        method: z.literal('private_key_jwt'),
        clientId: text,
        secretName: text,
        audience: z.enum(['issuer', 'token-endpoint']).optional(),
      }),
      z.object({
        method: z.enum(['client_secret_basic', 'client_secret_post']),
        clientId: text,
        secretName: text,
      }),
    ]),
    collateral: z.enum(['grant', 'none']).optional(),
    limits: z.object({ concurrency: count.optional(), perSecond: count.optional() }).optional(),
  }) as z.ZodType<Authority>,
);

export const toConsent = reader<Consent>(
  z.object({
    id: text.transform(consentId),
    generation: count,
    partner: text.transform(partnerId),
    customer: text.transform(customerId),
    scopes: z.array(text),
    grantedAt: text,
    expiresAt: text.optional(),
    state: z.enum(['granted', 'withdrawn']),
  }),
);

export const toCredential = reader<Credential>(
  z.object({
    ...credentialRef,
    kind: z.enum(credentialKinds),
    partner: text.transform(partnerId),
    consent: consentRef.optional(),
    grant: text.transform(grantId).optional(),
    client: text.transform(clientId).optional(),
    replaces: z.object(credentialRef).optional(),
    parent: z.object(credentialRef).optional(),
    handle: text.optional(),
    fingerprint: text.optional(),
    scopes: z.array(text).optional(),
    expiresAt: text.optional(),
    idleSeconds: count.optional(),
    state: z.enum(['live', 'condemned', 'draining', 'dead']),
    round: count,
    condemnedBy: text.transform(caseId).optional(),
  }),
);

const fenceSubject = z.discriminatedUnion('type', [
  z.object({ type: z.literal('consent'), id: text.transform(consentId) }),
  z.object({ type: z.literal('partner'), id: text.transform(partnerId) }),
]);
export const caseSubject = z.union([
  fenceSubject,
  z.object({ type: z.literal('credential'), ...credentialRef }),
]);

export const toFence = reader<Fence>(
  z.object({ subject: fenceSubject, generation: count, case: text.transform(caseId), at: text }),
);

export const toCase = reader<Case>(
  z.object({
    id: text.transform(caseId),
    kind: z.enum(caseKinds),
    subject: caseSubject,
    generation: count,
    round: count,
    state: z.enum(['open', 'planning', 'working', 'closed']),
    shards: count,
    cursors: count,
    effectAt: text,
    completeAt: text.optional(),
    follows: text.transform(caseId).optional(),
  }),
);

export const toCursor = reader<Cursor>(
  z.object({
    node: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('consent'), id: text, generation: count }),
      z.object({ kind: z.literal('partner'), id: text }),
      z.object({ kind: z.enum(['credential', 'children']), authority: text, id: text }),
      z.object({ kind: z.literal('grant'), authority: text, id: text, partner: text.optional() }),
      z.object({
        kind: z.literal('batch'),
        id: text,
        walked: z.array(
          z.object({
            ...credentialRef,
            partner: text.transform(partnerId),
            grant: text.transform(grantId).optional(),
          }),
        ),
      }),
    ]),
    after: text.optional(),
  }),
);

export const toObligation = reader<Obligation>(
  z.object({
    ...credentialRef,
    case: text.transform(caseId),
    shard: count,
    kind: z.enum(credentialKinds),
    partner: text.transform(partnerId),
    client: text.transform(clientId).optional(),
    state: z.enum(['open', 'draining', 'dead', 'waived']),
    round: count,
    attempts: count,
    dueAt: text,
    uncovered: z.boolean(),
    seenActiveAt: z.number().optional(),
    deadBy: text.optional(),
    collateral: z.literal('accepted').optional(),
    last: text.optional(),
  }),
);

export const toNote = reader<Note>(
  z.object({
    ...credentialRef,
    case: text.transform(caseId),
    shard: count,
    as: z.enum(['shared', 'passed']),
    serves: consentRef.optional(),
  }),
);

export const toLinkedCustomer = reader<LinkedCustomer>(
  z.object({ print: text.transform(customerPrint), pseudonym: text.transform(customerId) }),
);

const grantRef = {
  authority: text.transform(authorityId),
  grant: text.transform(grantId),
  partner: text.transform(partnerId),
};

export const toGrantRef = reader<GrantRef>(z.object(grantRef));

/** The row that a walk writes when it condemns a grant. */
export const toCondemnedGrant = reader(z.object({ ...grantRef, condemnedBy: text.transform(caseId) }));

export const toTally = reader<Tally>(
  z.object({ planned: count, dead: count, draining: count, waived: count, open: count, uncovered: count }),
);
