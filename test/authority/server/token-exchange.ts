import type Provider from 'oidc-provider';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { InspectSubject } from './inspect-subject.ts';
import { tokenExchange } from '../messages.ts';

interface ExchangeDeps {
  readonly inspect: InspectSubject;
  readonly accessTokenSeconds: number;
}

/** RFC 8693 section 2.1; oidc-provider has seen to it that none comes twice. */
interface Asked {
  readonly subject_token?: string;
  readonly subject_token_type?: string;
  readonly requested_token_type?: string;
  readonly scope?: string;
  readonly audience?: string;
  readonly resource?: string;
  readonly actor_token?: string;
  readonly actor_token_type?: string;
}

const parameters = [
  'subject_token',
  'subject_token_type',
  'requested_token_type',
  'scope',
  'audience',
  'resource',
  'actor_token',
  'actor_token_type',
] as const satisfies readonly (keyof Asked)[];

/**
 * Lets clients exchange access tokens of another server (RFC 8693). What they get has a grant of its own and no link to
 * the subject token: it lives on when that dies. Call this before a client is looked up, which checks its grant types.
 */
export function allowTokenExchange(provider: Provider, { inspect, accessTokenSeconds }: ExchangeDeps): void {
  provider.registerGrantType<Asked>(
    tokenExchange.grantType,
    async (ctx) => {
      const { client, params } = ctx.oidc;
      const subject = await inspect(readSubjectToken(params));
      // RFC 8693 section 2.2.2: invalid_request, where one would expect invalid_grant
      if (!subject) throw new errors.InvalidRequest('the subject_token is no active access token');
      const scope = narrowScope(params.scope, subject.scope);
      const owner = { accountId: subject.customer, clientId: client.clientId };
      const grant = new provider.Grant({ ...owner, ...{ expiresIn: accessTokenSeconds } });
      if (scope !== '') grant.addOIDCScope(scope);
      const token = new provider.AccessToken({
        client,
        accountId: subject.customer,
        grantId: await grant.save(),
        gty: tokenExchange.grantType,
        expiresIn: accessTokenSeconds,
        ...(scope === '' ? {} : { scope }),
      });
      ctx.body = {
        access_token: await token.save(),
        issued_token_type: tokenExchange.accessToken,
        token_type: token.tokenType,
        expires_in: token.expiration,
        ...(scope === '' ? {} : { scope }),
      };
    },
    parameters,
  );
}

/** The grant of an exchanged token is for that token alone and goes with it; others outlive their access tokens. */
export function endsWithToken({ oidc }: KoaContextWithOIDC): boolean {
  return oidc.entities.AccessToken?.gty === tokenExchange.grantType;
}

function readSubjectToken(asked: Asked): string {
  const { subject_token: token, subject_token_type: type, requested_token_type: wanted } = asked;
  if (!token) throw new errors.InvalidRequest('subject_token is missing');
  if (type !== tokenExchange.accessToken) {
    throw new errors.InvalidRequest(`subject_token_type is not ${tokenExchange.accessToken}`);
  }
  if (wanted !== undefined && wanted !== tokenExchange.accessToken) {
    throw new errors.InvalidRequest(`requested_token_type is not ${tokenExchange.accessToken}`);
  }
  if (asked.actor_token !== undefined || asked.actor_token_type !== undefined) {
    throw new errors.InvalidRequest('nobody acts for a customer here; leave the actor_token out');
  }
  if (asked.audience !== undefined || asked.resource !== undefined) {
    throw new errors.InvalidTarget('tokens are for one service here; leave audience and resource out');
  }
  return token;
}

/** Never more than the subject token has, and never a refresh token. */
function narrowScope(asked: string | undefined, subject: string): string {
  const may = subject.split(' ').filter((one) => one !== 'offline_access');
  const wanted = asked?.split(' ') ?? may;
  const beyond = wanted.find((one) => !may.includes(one));
  if (beyond !== undefined) throw new errors.InvalidScope('the subject token has no such scope', beyond);
  return wanted.join(' ');
}
