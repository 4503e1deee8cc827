import * as oauth from 'oauth4webapi';
import { createEgress } from '../../../lib/connectors/egress.ts';
import { createKeyAuth } from '../key-auth.ts';
import type { ExchangeSettings } from '../messages.ts';

/** For whom a token of another server speaks, and what it may. */
export interface Subject {
  readonly customer: string;
  readonly scope: string;
}

/** Undefined: not an active access token of a customer. Rejects where the other server does not say. */
export type InspectSubject = (token: string) => Promise<Subject | undefined>;

/** Asks the server that issued a token whether it is active (RFC 7662), each time anew. */
export async function createSubjectInspector(settings: ExchangeSettings): Promise<InspectSubject> {
  const server: oauth.AuthorizationServer = {
    issuer: settings.issuer,
    introspection_endpoint: settings.introspectionEndpoint,
  };
  const client: oauth.Client = { client_id: settings.client.id };
  const auth = await createKeyAuth(settings.client.jwk);
  const { host } = new URL(settings.introspectionEndpoint);
  const { fetch } = createEgress({ rules: [{ host, addresses: ['127.0.0.1'], ca: settings.ca }] });
  const through = { [oauth.customFetch]: fetch };

  return async (token) => {
    const said = await introspect(token);
    // a refresh token is active as well, and has no type: it is for the server that issued it alone
    const isBearer = said?.token_type?.toLowerCase() === 'bearer';
    if (!said?.active || !isBearer || said.sub === undefined) return undefined;
    return { customer: said.sub, scope: said.scope ?? '' };
  };

  async function introspect(token: string): Promise<oauth.IntrospectionResponse | undefined> {
    try {
      const answer = await oauth.introspectionRequest(server, client, auth, token, through);
      return await oauth.processIntrospectionResponse(server, client, answer);
    } catch (error) {
      // what looks like a JWT; anything else that it says is about us, not about the token
      if (error instanceof oauth.ResponseBodyError && error.error === 'unsupported_token_type')
        return undefined;
      throw error;
    }
  }
}
