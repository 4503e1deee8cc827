import * as oauth from 'oauth4webapi';
import * as z from 'zod';
import { Secret } from '../../domain/secret.ts';
import { EgressError, type Fetch } from '../egress.ts';
import { type Answer, readAnswer } from '../oauth/answer.ts';
import { assertTo } from '../oauth/client-auth.ts';
import { readClientKey } from '../oauth/client-key.ts';
import { outcomeOf } from '../oauth/revocation-outcome.ts';

export interface TryKeyOptions {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  /** Absent: what was minted lives until it lapses. */
  readonly revocationEndpoint?: string | undefined;
  readonly clientId: string;
  /** Whom the assertion is for: see `audienceOf`. @default the issuer */
  readonly audience?: string | undefined;
  /** A JSON private JWK with `kid` and `alg`. */
  readonly key: Secret;
  /** @default none is asked for, and the server decides */
  readonly scope?: string | undefined;
  /** `createEgress(...).fetch`. */
  readonly fetch: Fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What an authorization server thinks of a client's key. */
export type KeyVerdict =
  /** A token was issued for it. `left`: that token could not be revoked, or nobody said where. */
  | { readonly kind: 'accepted'; readonly minted: 'revoked' | 'left' }
  /**
   * `invalid_client`. It says that this client does not get in with this key, and not why: only together with another key
   * of the same client that is accepted at the same time is it proof that the key itself is dead.
   */
  | { readonly kind: 'refused' }
  /** Nothing was learned; the key must be assumed alive where it should be dead, and dead where it should be alive. */
  | { readonly kind: 'unknown'; readonly because: string };

const issued = z.object({ access_token: z.string().min(1) });

type Send = (
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  auth: oauth.ClientAuth,
  options: { readonly [oauth.customFetch]: Fetch },
) => Promise<Response>;

/**
 * Authenticates with the key for real, by client credentials (RFC 6749 section 4.4) and `private_key_jwt`, once. What is
 * minted is revoked (RFC 7009). Never throws for what the authority does. The client needs the client credentials grant:
 * without it the answer is unknown, because servers need not look at the key first.
 */
export async function tryKey(options: TryKeyOptions): Promise<KeyVerdict> {
  const key = await readClientKey(options.key);
  if (!key) return unknown('client-key');
  const auth = assertTo(options.audience, key);
  const server: oauth.AuthorizationServer = {
    issuer: options.issuer,
    token_endpoint: options.tokenEndpoint,
    ...(options.revocationEndpoint === undefined ? {} : { revocation_endpoint: options.revocationEndpoint }),
  };
  const call = async (send: Send): Promise<Answer> => {
    const client: oauth.Client = {
      client_id: options.clientId,
      // oauth4webapi reads Date, which need not be the world's clock
      [oauth.clockSkew]: Math.floor((options.now() - Date.now()) / 1000),
    };
    try {
      return await readAnswer(await send(server, client, auth, { [oauth.customFetch]: options.fetch }));
    } catch (error) {
      return explain(error);
    }
  };

  const asked: Record<string, string> = options.scope === undefined ? {} : { scope: options.scope };
  const answer = await call((as, client, by, through) =>
    oauth.clientCredentialsGrantRequest(as, client, by, asked, through),
  );
  const judged = judge(answer);
  if (!(judged instanceof Secret)) return judged;
  if (options.revocationEndpoint === undefined) return { kind: 'accepted', minted: 'left' };
  const revoked = await call((as, client, by, through) =>
    oauth.revocationRequest(as, client, by, judged.reveal(), {
      ...through,
      additionalParameters: { token_type_hint: 'access_token' },
    }),
  );
  return { kind: 'accepted', minted: outcomeOf(revoked).kind === 'accepted' ? 'revoked' : 'left' };
}

/** Gives the token that was issued, or what else the answer means. */
function judge(answer: Answer): Secret | KeyVerdict {
  if (answer.kind !== 'answered') return unknown(answer.because);
  if (answer.status === 200) {
    const body = issued.safeParse(answer.json);
    return body.success ? new Secret(body.data.access_token) : unknown('no-token');
  }
  if (answer.status !== 400 && answer.status !== 401) return unknown(`http-${answer.status}`);
  // a bare 401 may be a gateway's; RFC 6749 section 5.2 has the server name the reason
  if (answer.error === 'invalid_client') return { kind: 'refused' };
  return unknown(answer.error?.replaceAll('_', '-') ?? `http-${answer.status}`);
}

function unknown(because: string): KeyVerdict {
  return { kind: 'unknown', because };
}

function explain(error: unknown): Answer {
  if (error instanceof EgressError) return { kind: 'silent', because: error.code };
  // both are thrown before anything is sent: a key of an algorithm that nobody accepts; an endpoint without https
  if (error instanceof oauth.UnsupportedOperationError) return { kind: 'unsendable', because: 'client-key' };
  if (error instanceof oauth.OperationProcessingError) return { kind: 'unsendable', because: 'registration' };
  throw error;
}
