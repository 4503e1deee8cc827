import * as z from 'zod';
import { authorityId, partnerId } from '../domain/ids.ts';

const id = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable ASCII characters without spaces');
const revision = z.int().min(1);
const endpoint = z
  .url({ protocol: /^https$/, error: 'must be an https URL' })
  .refine((text) => !/^[^/]*\/\/[^/?]*@|#/.test(text), 'must have no user name, password or fragment');

/** A partner, as `register` takes it. */
export const partnerRegistration = z.object({
  id: id.transform(partnerId),
  revision,
  name: z.string().min(1).max(200),
});

/** An authority, as `register` takes it. */
export const authorityRegistration = z.object({
  id: id.transform(authorityId),
  revision,
  kind: z.literal('oauth'),
  role: z.literal('operator', 'must be operator: the role party is not built yet'),
  issuer: endpoint,
  tokenEndpoint: endpoint,
  revocationEndpoint: endpoint,
  introspectionEndpoint: endpoint,
  auth: z.object({
    method: z.literal('private_key_jwt'),
    clientId: z.string().min(1).max(256),
    secretName: z
      .string()
      .regex(
        /^rescind\/authority\/[\w+=.@/-]{1,200}$/,
        'must begin with rescind/authority/: the worker may read no other secret',
      ),
  }),
  limits: z.object({ concurrency: z.int().min(1).max(50).optional() }).optional(),
});
