import type { JWK } from 'jose';
import * as oauth from 'oauth4webapi';
import { EgressError, type Fetch } from '../../lib/connectors/egress.ts';
import { createKeyAuth } from './key-auth.ts';
import { tokenExchange } from './messages.ts';

export interface PartnerClientOptions {
  /** Of a `LocalAuthority`. */
  readonly issuer: string;
  readonly endpoints: { readonly token: string; readonly introspection: string };
  readonly clientId: string;
  /** Private, with `kid` and `alg`. */
  readonly key: JWK;
  /** `createEgress(...).fetch` with a rule for the authority and its CA. */
  readonly fetch: Fetch;
  /** Milliseconds of the world's clock. */
  readonly now: () => number;
}

type Refreshed =
  | { readonly ok: true; readonly accessToken: string; readonly refreshToken: string }
  /** `invalid_grant`, `invalid_client` ... as the server says, or a code of the egress. */
  | { readonly ok: false; readonly error: string };

type Exchanged =
  | { readonly ok: true; readonly accessToken: string }
  /** `invalid_request` where the subject token is not active (RFC 8693 section 2.2.2). */
  | { readonly ok: false; readonly error: string };

/** What a party of the played world does for real: it shares no code with the connector whose work it checks. */
export interface PartnerClient {
  /** RFC 6749 section 6. The refresh token is the same where the server does not rotate. */
  refresh(refreshToken: string): Promise<Refreshed>;
  /** RFC 8693: gives an access token of another server for one of this server. */
  exchange(subjectToken: string): Promise<Exchanged>;
  /** RFC 6749 section 4.4, once: whether the server takes this client with this key. What is minted is left to lapse. */
  authenticate(): Promise<{ readonly ok: true } | { readonly ok: false; readonly error: string }>;
  /** RFC 7662: `active`, or a code where the server does not say. */
  introspect(token: string): Promise<boolean | { readonly error: string }>;
}

/** Makes a client that authenticates by `private_key_jwt` and reports what the server answers. */
export async function createPartnerClient(options: PartnerClientOptions): Promise<PartnerClient> {
  const auth = await createKeyAuth(options.key);
  const server: oauth.AuthorizationServer = {
    issuer: options.issuer,
    token_endpoint: options.endpoints.token,
    introspection_endpoint: options.endpoints.introspection,
  };
  const client = (): oauth.Client => ({
    client_id: options.clientId,
    [oauth.clockSkew]: Math.floor((options.now() - Date.now()) / 1000),
  });
  const through = { [oauth.customFetch]: options.fetch };

  return {
    async refresh(refreshToken) {
      try {
        const answer = await oauth.refreshTokenGrantRequest(server, client(), auth, refreshToken, through);
        const tokens = await oauth.processRefreshTokenResponse(server, client(), answer);
        return {
          ok: true,
          accessToken: tokens.access_token,
          refreshToken: tokens.refresh_token ?? refreshToken,
        };
      } catch (error) {
        return { ok: false, error: codeOf(error) };
      }
    },
    async exchange(subjectToken) {
      const subject = { subject_token: subjectToken, subject_token_type: tokenExchange.accessToken };
      const { grantType } = tokenExchange;
      try {
        const answer = await oauth.genericTokenEndpointRequest(
          server,
          client(),
          auth,
          grantType,
          subject,
          through,
        );
        const tokens = await oauth.processGenericTokenEndpointResponse(server, client(), answer);
        return { ok: true, accessToken: tokens.access_token };
      } catch (error) {
        return { ok: false, error: codeOf(error) };
      }
    },
    async authenticate() {
      try {
        const answer = await oauth.clientCredentialsGrantRequest(server, client(), auth, {}, through);
        await oauth.processClientCredentialsResponse(server, client(), answer);
        return { ok: true };
      } catch (error) {
        return { ok: false, error: codeOf(error) };
      }
    },
    async introspect(token) {
      try {
        const answer = await oauth.introspectionRequest(server, client(), auth, token, through);
        return (await oauth.processIntrospectionResponse(server, client(), answer)).active;
      } catch (error) {
        return { error: codeOf(error) };
      }
    },
  };
}

function codeOf(error: unknown): string {
  if (error instanceof oauth.ResponseBodyError) return error.error;
  if (error instanceof EgressError) return error.code;
  if (error instanceof oauth.OperationProcessingError) return error.code ?? 'not-conform';
  throw error;
}
