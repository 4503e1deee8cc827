import * as oauth from 'oauth4webapi';
import * as z from 'zod';
import type { Authority } from '../../domain/inventory/authority.ts';
import type { CredentialKind } from '../../domain/inventory/credential.ts';
import { Secret } from '../../domain/secret.ts';
import type { Connector, RevokeOutcome, Sighting, Target } from '../connector.ts';
import { type Answer, refusesClient } from './answer.ts';
import { createCallAuthority, type OAuthDeps } from './call-authority.ts';
import { outcomeOf } from './revocation-outcome.ts';

/** What RFC 7009 and RFC 7662 can name, with its `token_type_hint`. */
const hints: Partial<Record<CredentialKind, string>> = {
  refresh_token: 'refresh_token',
  access_token: 'access_token',
};

const introspection = z.object({ active: z.boolean() });
const issued = z.object({ access_token: z.string().min(1) });

/**
 * Speaks to an authorization server: revocation (RFC 7009), introspection (RFC 7662), and a canary by client credentials
 * (RFC 6749 section 4.4) as the positive control. Endpoints come from the registration alone; nothing is discovered.
 * A party has no canary: that one of its own is alive says nothing of a token that may be somebody else's.
 */
export function createOAuthConnector(authority: Authority, deps: OAuthDeps): Connector {
  const call = createCallAuthority(authority, deps);
  const isParty = authority.role === 'party';
  const vantage = isParty ? 'introspection-as-party' : 'introspection';

  const revokeToken = (token: Secret, hint: string): Promise<Answer> =>
    call((server, client, auth, options) =>
      oauth.revocationRequest(server, client, auth, token.reveal(), {
        ...options,
        additionalParameters: { token_type_hint: hint },
      }),
    );

  async function introspect(token: Secret, hint: string): Promise<Sighting> {
    const answer = await call((server, client, auth, options) =>
      oauth.introspectionRequest(server, client, auth, token.reveal(), {
        ...options,
        additionalParameters: { token_type_hint: hint },
      }),
    );
    return { vantage, ...readIntrospection(answer), at: deps.now() };
  }

  async function mintCanary(): Promise<Secret | undefined> {
    const answer = await call((server, client, auth, options) =>
      oauth.clientCredentialsGrantRequest(server, client, auth, {}, options),
    );
    if (answer.kind !== 'answered' || answer.status !== 200) return undefined;
    const body = issued.safeParse(answer.json);
    return body.success ? new Secret(body.data.access_token) : undefined;
  }

  return {
    async revoke(target): Promise<RevokeOutcome> {
      const named = nameable(target);
      if (!named) return { kind: 'refused', because: 'no-handle' };
      return outcomeOf(await revokeToken(named.token, named.hint));
    },

    async probe(target) {
      const named = nameable(target);
      if (named) return [await introspect(named.token, named.hint)];
      return [{ vantage, answer: 'unknown', because: 'no-handle', at: deps.now() }];
    },

    async seeCanary() {
      const canary = isParty ? undefined : await mintCanary();
      if (!canary) return undefined;
      const alive = await introspect(canary, 'access_token');
      const revoked = outcomeOf(await revokeToken(canary, 'access_token'));
      if (alive.answer !== 'active' || revoked.kind !== 'accepted') return undefined;
      // A server that calls everything active, or one that ignores revocation, is no control.
      const gone = await introspect(canary, 'access_token');
      return gone.answer === 'inactive' ? alive.at : undefined;
    },
  };
}

function nameable(target: Target): { readonly token: Secret; readonly hint: string } | undefined {
  const hint = hints[target.kind];
  return target.token && hint !== undefined ? { token: target.token, hint } : undefined;
}

/** Only a boolean in a 200 counts (RFC 7662 section 2.2): `"false"`, `0` and a missing member are unknown. */
function readIntrospection(answer: Answer): Pick<Sighting, 'answer' | 'because'> {
  if (answer.kind !== 'answered') return { answer: 'unknown', because: answer.because };
  if (refusesClient(answer)) return { answer: 'unknown', because: 'invalid-client' };
  if (answer.status !== 200) return { answer: 'unknown', because: `http-${answer.status}` };
  if (answer.json === undefined) return { answer: 'unknown', because: 'not-json' };
  const body = introspection.safeParse(answer.json);
  if (!body.success) return { answer: 'unknown', because: 'no-active' };
  const seen = body.data.active ? 'active' : 'inactive';
  return { answer: seen, because: seen };
}
