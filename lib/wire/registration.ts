import * as z from 'zod';
import { authorityId, clientId, credentialId, partnerId } from '../domain/ids.ts';
import { overlapSecondsMin } from '../domain/limits.ts';
import { endpoint } from './forms/endpoint.ts';
import { regimeName } from './environment.ts';
import { optional, optionalWith } from './forms/optional.ts';

const id = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable ASCII characters without spaces');
const revision = z.int().min(1);

/** A partner, as `register` takes it. */
export const partnerRegistration = z.object({
  id: id.transform(partnerId),
  revision,
  name: z.string().min(1).max(200),
  /** One of the setting `targets`. */
  regime: optional(regimeName),
});

/** The client that Rescind is at an authority: RFC 6749 appendix A.1. */
const ownClient = {
  clientId: z.string().regex(/^[\x20-\x7e]{1,256}$/, 'must be 1 to 256 printable ASCII characters'),
  secretName: z
    .string()
    .regex(
      /^rescind\/authority\/[\w+=.@/-]{1,200}$/,
      'must begin with rescind/authority/: the worker may read no other secret',
    ),
};

const audience = z.enum(['issuer', 'token-endpoint'], 'must be issuer or token-endpoint');

const authorityAuth = z.discriminatedUnion(
  'method',
  [
    z.object({
      method: z.literal('private_key_jwt'),
      ...ownClient,
      audience: optional(audience),
    }),
    z.object({
      method: z.enum(['client_secret_basic', 'client_secret_post']),
      ...ownClient,
      audience: optional(z.undefined('must be left out: only private_key_jwt makes assertions')),
    }),
  ],
  {
    error: ({ code }) =>
      code === 'invalid_union'
        ? 'must be private_key_jwt, client_secret_basic or client_secret_post'
        : 'must be an object with method, clientId and secretName',
  },
);

/** An authority, as `register` takes it. */
export const authorityRegistration = z.object({
  id: id.transform(authorityId),
  revision,
  kind: z.literal('oauth'),
  role: z.enum(
    ['operator', 'party'],
    "must be operator (a client of Rescind's own that may revoke any token) or party (a client's own credentials)",
  ),
  issuer: endpoint,
  tokenEndpoint: endpoint,
  revocationEndpoint: endpoint,
  introspectionEndpoint: endpoint,
  auth: authorityAuth,
  collateral: optional(
    z.enum(
      ['grant', 'none'],
      'must be grant (revoking a token ends others of its grant there) or none (it ends that token alone)',
    ),
  ),
  limits: optional(
    z.object({
      /** Calls in flight at once. */
      concurrency: optional(z.int().min(1).max(50)),
      /** Calls begun in one second. */
      perSecond: optional(z.int().min(1).max(1000)),
    }),
  ),
});

/** Longer than this is no overlap but a second key for good. */
const overlapSecondsMax = 30 * 86_400;

const daySeconds = 86_400;

/** A client whose secret is rotated, as `register` takes it. Its secrets are named after its id. */
export const clientRegistration = z
  .object({
    id: z
      .string()
      .regex(
        /^[\w.-]{1,64}$/,
        'must be 1 to 64 letters, digits, dots, hyphens and underscores: secrets are named after it',
      )
      .transform(clientId),
    revision,
    partner: id.transform(partnerId),
    authority: id.transform(authorityId),
    strategy: z.literal('private-key-jwt'),
    clientId: z.string().min(1).max(256),
    registrationUri: endpoint,
    keyId: id.transform(credentialId),
    overlapSeconds: optionalWith(
      z
        .int()
        .min(
          overlapSecondsMin,
          `must be ${overlapSecondsMin} or more: users of the secret cache it for five minutes`,
        )
        .max(overlapSecondsMax),
      daySeconds,
    ),
    everySeconds: optionalWith(
      z
        .int()
        .min(daySeconds)
        .max(365 * daySeconds),
      30 * daySeconds,
    ),
  })
  .refine(({ overlapSeconds, everySeconds }) => overlapSeconds * 2 <= everySeconds, {
    path: ['overlapSeconds'],
    error: 'must be at most half of everySeconds: the old key dies before the next rotation begins',
  });
