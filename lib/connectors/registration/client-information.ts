import type { JWK } from 'jose';
import * as z from 'zod';

/** Any further member is the server's own, and goes back to it as it came. */
const information = z.looseObject({
  client_id: z.string().min(1),
  token_endpoint_auth_method: z.string().optional(),
  jwks: z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) }).nullish(),
  jwks_uri: z.string().nullish(),
});

/** The client information response of RFC 7591 section 3.2.1. It may hold secrets: it never leaves this folder. */
export type ClientInformation = z.infer<typeof information>;

const grantedToken = z.object({ registration_access_token: z.string().min(1) });

/** What the server knows of the client, without what authenticates anybody. */
export type ClientMetadata = Readonly<Record<string, unknown>> & { readonly client_id: string };

/** What an update must not contain (RFC 7592 section 2.2). */
const neverSent = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
];

/** Gives undefined for what is no client information, because an error of the parser could quote it. */
export function readInformation(json: unknown): ClientInformation | undefined {
  return information.safeParse(json).data;
}

/** The token to use next, where the answer names one: also in an answer that is wrong in all else. */
export function readGrantedToken(json: unknown): string | undefined {
  return grantedToken.safeParse(json).data?.registration_access_token;
}

/** The client's keys as the server has them; absent: it has none. */
export function keysOf({ jwks }: ClientInformation): readonly JWK[] {
  return (jwks?.keys ?? []) as readonly JWK[];
}

export function metadataOf(read: ClientInformation): ClientMetadata {
  const { client_secret: _secret, ...metadata } = without(neverSent, read);
  return { ...metadata, client_id: read.client_id };
}

/**
 * The body of an update: everything as read, because what is left out is deleted (RFC 7592 section 2.2), with other keys.
 * A client secret goes back as it was read, which is the only value that a client may send.
 */
export function updateOf(read: ClientInformation, keys: readonly JWK[]): object {
  return { ...without(neverSent, read), jwks: { keys } };
}

function without(names: readonly string[], read: ClientInformation): Record<string, unknown> {
  return Object.fromEntries(Object.entries(read).filter(([name]) => !names.includes(name)));
}
