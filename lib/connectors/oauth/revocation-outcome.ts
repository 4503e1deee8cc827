import type { RevokeOutcome } from '../connector.ts';
import { type Answer, type OAuthError, refusesClient } from './answer.ts';

/** What each error of a 400 means for the obligation (RFC 7009 section 2.2.1, RFC 6749 section 5.2). */
const outcomes = {
  unsupported_token_type: { kind: 'unsupported' },
  // Not RFC 7009, which says 200, but what some servers answer for a token they do not know.
  invalid_token: { kind: 'already-gone' },
  invalid_request: { kind: 'refused', because: 'invalid-request' },
  invalid_client: { kind: 'refused', because: 'invalid-client' },
  invalid_grant: { kind: 'refused', because: 'invalid-grant' },
  invalid_scope: { kind: 'refused', because: 'invalid-scope' },
  unauthorized_client: { kind: 'refused', because: 'unauthorized-client' },
  unsupported_grant_type: { kind: 'refused', because: 'unsupported-grant-type' },
} as const satisfies Record<OAuthError, RevokeOutcome>;

/**
 * Judges an answer of the revocation endpoint. Only 200 is acceptance, and no acceptance is proof; what is neither 200
 * nor a defined error (403, 429, 503, a redirect, silence) leaves the token alive (RFC 7009 section 2.2.1 for 503).
 */
export function outcomeOf(answer: Answer): RevokeOutcome {
  if (answer.kind === 'silent') return { kind: 'unconfirmed', because: answer.because };
  if (answer.kind === 'unsendable') return { kind: 'refused', because: answer.because };
  if (answer.status === 200) return { kind: 'accepted' };
  if (refusesClient(answer)) return outcomes.invalid_client;
  if (answer.status === 400 && answer.error) return outcomes[answer.error];
  return { kind: 'unconfirmed', because: `http-${answer.status}` };
}
