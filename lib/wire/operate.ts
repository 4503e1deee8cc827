import * as z from 'zod';
import {
  authorityId,
  caseId,
  clientId,
  consentId,
  credentialId,
  customerId,
  cutOffId,
  holdId,
  partnerId,
} from '../domain/ids.ts';
import { optional, optionalWith } from './forms/optional.ts';
import { authorityRegistration, clientRegistration, partnerRegistration } from './registration.ts';

const id = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable ASCII characters without spaces');

/** Chosen by the caller and the same at each repetition, so that a lost answer can be asked for again. */
const request = z
  .string()
  .regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, 'must be a ULID: 26 characters of Crockford base 32');

const reason = z
  .string()
  .trim()
  .min(1, 'must say why: it stands in the ledger')
  .max(500, 'must be 500 characters or fewer');

/** Type, two ids of 128 characters that are percent-encoded, and a ULID. */
const holdCharactersMax = 900;

/** Kind, the two ids of a credential, percent-encoded, and two numbers. */
const caseOf = z
  .string()
  .regex(/^[\x21-\x7e]{1,900}$/, 'must be the id of a case, such as consent-withdrawn/consent-1/1/1');

const subject = z.discriminatedUnion('type', [
  z.object({ type: z.literal('partner'), id: id.transform(partnerId) }),
  z.object({ type: z.literal('consent'), id: id.transform(consentId) }),
  z.object({
    type: z.literal('credential'),
    authority: id.transform(authorityId),
    id: id.transform(credentialId),
  }),
]);

/** What an operator may ask for. Who asks is AWS's word, never the body's. */
export const operateRequest = z.discriminatedUnion('command', [
  z.object({ command: z.literal('register-partner'), partner: partnerRegistration }),
  z.object({ command: z.literal('register-authority'), authority: authorityRegistration }),
  z.object({ command: z.literal('register-client'), client: clientRegistration }),
  z.object({ command: z.literal('plan'), request, partner: id.transform(partnerId), reason }),
  z.object({ command: z.literal('execute'), plan: id.transform(cutOffId) }),
  z.object({ command: z.literal('suspend'), request, subject, reason }),
  z.object({
    command: z.literal('reinstate'),
    hold: z.string().min(1).max(holdCharactersMax).transform(holdId),
    reason,
  }),
  z.object({ command: z.literal('rotate'), client: id.transform(clientId), reason }),
  z.object({ command: z.literal('forget'), customer: id.transform(customerId), reason }),
  z.object({
    command: z.literal('approve'),
    case: caseOf.transform(caseId),
    credential: z.object({ authority: id.transform(authorityId), id: id.transform(credentialId) }),
    reason,
  }),
]);

export type OperateRequest = z.output<typeof operateRequest>;
/** The same as it is written down. */
export type OperateMessage = z.input<typeof operateRequest>;

/** Answers are made of ids, times and sentences of ours; a refusal may list the names of all regimes. */
const text = z.string().max(8_192);
const count = z.int();

/** What was done, by command; a `refused` names a code and says what to do. */
export const operateAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('registered'), subject: text, revision: count }),
  /** An equal or higher revision stands; nothing was changed. */
  z.object({ kind: z.literal('outdated'), subject: text, revision: count }),
  z.object({
    kind: z.literal('planned'),
    plan: text,
    partner: text,
    revision: count,
    reason: text,
    by: text,
    until: text,
    /** Credentials that are not dead. */
    count,
    uncovered: count,
    digest: text,
    /** How many, by authority and kind. */
    groups: z.array(z.object({ authority: text, kind: text, count })),
  }),
  z.object({ kind: z.literal('executed'), plan: text, case: text, effectAt: text, count }),
  z.object({ kind: z.literal('held'), hold: text, by: text, at: text }),
  /** One of two: somebody else has to ask for the same. */
  z.object({ kind: z.literal('asked'), what: text, by: text, until: text }),
  /** `already`: it was lifted before, and nothing was changed. */
  z.object({
    kind: z.literal('lifted'),
    hold: text,
    by: text,
    askedBy: text,
    already: optional(z.boolean()),
  }),
  z.object({ kind: z.literal('rotation-ordered'), client: text, dueAt: text }),
  z.object({ kind: z.literal('forgotten'), customer: text }),
  z.object({
    kind: z.literal('approved'),
    case: text,
    credential: z.object({ authority: text, id: text }),
    /** Of what is owed for the credential, when it was asked. */
    state: z.enum(['open', 'draining', 'dead', 'waived']),
    /** How many live outside the case and end with it, as far as was looked. */
    count,
    /** Names of the first of them. */
    ends: z.array(text),
  }),
  z.object({ kind: z.literal('refused'), code: text, reason: text }),
]);

export type OperateAnswer = z.infer<typeof operateAnswer>;
export type AnswerOf<Kind extends OperateAnswer['kind']> = Extract<OperateAnswer, { readonly kind: Kind }>;

/** What is read of the event that a function URL makes of a request (payload format 2.0). */
export const urlEvent = z.object({
  requestContext: z.object({
    // a path of IAM has at most 512 characters, a name 64: no ARN comes near this
    authorizer: z.object({
      iam: z.object({ userArn: z.string().min(1).max(2_048), userId: z.string().min(1).max(2_048) }),
    }),
    http: z.object({ method: z.string().max(64) }),
  }),
  // Lambda passes no more on (API Reference, "Invoke": 6 MB)
  body: optional(z.string().max(6 * 1024 * 1024)),
  isBase64Encoded: optionalWith(z.boolean(), false),
});
