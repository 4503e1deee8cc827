import * as z from 'zod';

/** What came back from one call to an authority, or why nothing did. */
export type Answer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** The `error` of a JSON body, as far as RFC 6749, 6750 and 7009 define it; never another text. */
      readonly error: OAuthError | undefined;
      /** Parsed JSON of a body that calls itself JSON; undefined: there is none. */
      readonly json: unknown;
    }
  /** Sent, perhaps; not answered. */
  | { readonly kind: 'silent'; readonly because: string }
  /** Never sent, and it will not be until a person corrects the registration or the client's key. */
  | { readonly kind: 'unsendable'; readonly because: string };

/** RFC 6749 section 5.2, RFC 6750 section 3.1, RFC 7009 section 2.2.1. */
const oauthError = z.enum([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'invalid_scope',
  'invalid_token',
  'unauthorized_client',
  'unsupported_grant_type',
  'unsupported_token_type',
]);
export type OAuthError = z.infer<typeof oauthError>;

const errorBody = z.object({ error: oauthError });

/** Reads what the authority said, whatever it is. */
export async function readAnswer(response: Response): Promise<Answer> {
  const json = parseJson(response.headers.get('content-type'), await response.text());
  const body = errorBody.safeParse(json);
  return { kind: 'answered', status: response.status, error: body.data?.error, json };
}

function parseJson(contentType: string | null, text: string): unknown {
  // a proxy's error page may hold braces: only what calls itself JSON is JSON (RFC 7662 section 2.2)
  if (contentType?.split(';')[0]?.trim().toLowerCase() !== 'application/json') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The authority does not take us for its client (RFC 6749 section 5.2). */
export function refusesClient(answer: Answer): boolean {
  if (answer.kind !== 'answered') return false;
  return answer.status === 401 || (answer.status === 400 && answer.error === 'invalid_client');
}

/**
 * The authority may not know this key of its client: Ory Hydra answers `invalid_request` for a `kid` that is not in the
 * client's set (fosite's `findPublicKey`), which others say of much else.
 */
export function mayRefuseKey(answer: Answer): boolean {
  return answer.kind === 'answered' && answer.status === 400 && answer.error === 'invalid_request';
}
