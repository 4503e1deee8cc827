import * as z from 'zod';
import type { Secret } from '../../domain/secret.ts';
import { type EgressCode, EgressError, type Fetch } from '../egress.ts';
import { readAnswer } from '../oauth/answer.ts';
import { RegistrationError } from './registration-error.ts';

/** Where a client's registration is managed, and by what right (RFC 7592 section 3). */
export interface ClientRegistration {
  /** `registration_client_uri`, as the operator registered it: where an answer names another, it is not followed. */
  readonly clientUri: string;
  /** `registration_access_token`. */
  readonly accessToken: Secret;
}

/** RFC 6750 section 2.1. Anything else could not be a header, and Node's error for it is none of ours. */
const bearerToken = /^[\w.~+/-]+=*$/;

/** What no repetition cures, because it depends on the registered URI alone. */
const uriFaults: ReadonlySet<EgressCode> = new Set(['url', 'not-https', 'user-info', 'port']);

/** RFC 7591 section 3.2.2, RFC 6749 section 5.2. */
const refusal = z.object({
  error: z.enum([
    'invalid_client_metadata',
    'invalid_redirect_uri',
    'invalid_software_statement',
    'unapproved_software_statement',
    'invalid_request',
  ]),
});

/**
 * Reads (RFC 7592 section 2.1) or, with a body, updates (section 2.2) a client; gives the JSON of a 200, whatever it
 * holds, and throws `RegistrationError` for all else.
 */
export async function callRegistration(
  fetch: Fetch,
  at: ClientRegistration,
  update?: object,
): Promise<unknown> {
  const token = at.accessToken.reveal();
  if (!bearerToken.test(token)) {
    throw new RegistrationError(
      'unsendable',
      'registration-token',
      'the stored registration access token is none; store the one that the server issued',
    );
  }
  const response = await send(fetch, at.clientUri, {
    method: update ? 'PUT' : 'GET',
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      ...(update ? { 'content-type': 'application/json' } : {}),
    },
    ...(update ? { body: JSON.stringify(update) } : {}),
  });
  const answer = await readAnswer(response);
  const json = answer.kind === 'answered' ? answer.json : undefined;
  if (response.status !== 200) throw refusalOf(new URL(at.clientUri).host, response.status, json);
  return json;
}

async function send(fetch: Fetch, target: string, init: Parameters<Fetch>[1]): Promise<Response> {
  try {
    return await fetch(target, init);
  } catch (error) {
    if (!(error instanceof EgressError)) throw error;
    throw new RegistrationError(
      uriFaults.has(error.code) ? 'unsendable' : 'silent',
      error.code,
      error.message,
    );
  }
}

/** RFC 7592 sections 2 and 2.2: 401 for the token, 403 and 405 for what it does not allow, 400 for the metadata. */
function refusalOf(host: string, status: number, json: unknown): RegistrationError {
  const because = `http-${status}`;
  if (status === 401) {
    return new RegistrationError(
      'registration-token-refused',
      because,
      `${host} refuses the registration access token; have its operator issue another, store it and go on`,
    );
  }
  if (status === 403) {
    return new RegistrationError(
      'management-forbidden',
      because,
      `${host} lets nobody manage this client; have its operator allow it, or change the keys there`,
    );
  }
  if (status === 404 || status === 405 || status === 501) {
    return new RegistrationError(
      'management-unsupported',
      because,
      `${host} does not offer this (${status}); check the registered URI, or change the keys at the server`,
    );
  }
  if (status === 400) {
    const named = refusal.safeParse(json).data?.error.replaceAll('_', '-') ?? because;
    return new RegistrationError(
      'metadata-refused',
      named,
      `${host} refuses the client's metadata (${named}); nothing was changed; check algorithm and key type`,
    );
  }
  return new RegistrationError(
    'unavailable',
    because,
    `${host} answered ${status}; it will be asked again, and may have made the change`,
  );
}
