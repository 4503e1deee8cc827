import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { authMethodsOf, holdToMethod, toMetadata } from './clients.ts';
import { createSubjectInspector } from './inspect-subject.ts';
import type { AssertionAudience, AuthoritySettings, Lifetimes, LocalClient, Minted } from '../messages.ts';
import type { Store } from './store.ts';
import { allowTokenExchange, endsWithToken } from './token-exchange.ts';

const scope = 'accounts offline_access';
const dayS = 24 * 60 * 60;
const accessTokenSeconds = 3_600;
/** oidc-provider makes a JWT for a named API only. */
const jwtAudience = 'https://api.bank.example';

interface ProviderDeps {
  readonly settings: AuthoritySettings;
  readonly store: Store;
  /** Without it nobody registers a client. */
  readonly initialAccessToken: string;
}

/** The certified server with the features that a bank's has: opaque tokens, revocation, introspection, FAPI's client authentication. */
export async function createProvider(
  issuer: string,
  { settings, store, initialAccessToken }: ProviderDeps,
): Promise<Provider> {
  const idsOf = (chosen: (client: LocalClient) => boolean | undefined): ReadonlySet<string> =>
    new Set(settings.clients.filter(chosen).map(({ id }) => id));
  const revokers = idsOf(({ operator }) => operator);
  const inspectors = idsOf(({ operator, inspector }) => operator || inspector);
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const provider = new Provider(issuer, {
    adapter: store.adapter,
    clients: settings.clients.map(toMetadata),
    clientAuthMethods: authMethodsOf(settings.clients),
    ...assertionCheck(issuer, settings.assertionAudience),
    scopes: scope.split(' '),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig' }] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: {
        enabled: true,
        // for a token of somebody else: active:false, as for a token that does not exist (RFC 7662 section 2.2)
        allowedPolicy: (_ctx, { clientId }, token) => inspectors.has(clientId) || clientId === token.clientId,
      },
      revocation: {
        enabled: true,
        allowedPolicy(_ctx, { clientId }, token) {
          if (revokers.has(clientId) || clientId === token.clientId) return true;
          // answering false would make oidc-provider say 200; its own default refuses (RFC 7009 section 2.1)
          throw new errors.InvalidRequest('client is not authorized to revoke the presented token');
        },
      },
      registration: { enabled: true, initialAccessToken, idFactory: nameClient },
      // clients of `settings` have no registration: only those that registered are managed
      registrationManagement: {
        enabled: true,
        rotateRegistrationAccessToken: settings.rotateRegistrationTokens,
      },
    },
    // FAPI 2.0 section 5.3.2.1: no rotation
    rotateRefreshToken: settings.rotateRefreshTokens,
    // oidc-provider's own rule, but for what was exchanged
    revokeGrantPolicy: (ctx) =>
      endsWithToken(ctx) || !(ctx.oidc.route === 'revocation' && ctx.oidc.entities.AccessToken),
    ttl: {
      AccessToken: accessTokenSeconds,
      ClientCredentials: 600,
      Grant: 180 * dayS,
      RefreshToken: 180 * dayS,
      IdToken: 600,
    },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  });
  holdToMethod(provider);
  if (settings.exchange) {
    const inspect = await createSubjectInspector(settings.exchange);
    const seconds = settings.exchange.accessTokenSeconds ?? accessTokenSeconds;
    allowTokenExchange(provider, { inspect, accessTokenSeconds: seconds });
  }
  return provider;
}

/** As its only value and as a string, which FAPI 2.0 section 5.3.2.1 asks for. */
function assertionCheck(issuer: string, audience: AssertionAudience | undefined): Partial<Configuration> {
  if (audience === undefined) return {};
  const wanted = { issuer, 'token-endpoint': `${issuer}/token` }[audience];
  return {
    assertJwtClientAuthClaimsAndHeader(_ctx, { aud }) {
      if (aud !== wanted) throw new errors.InvalidClientAuth(`the assertion is not addressed to ${wanted}`);
    },
  };
}

/** A server chooses its clients' ids (RFC 7591 section 3.2.1): this one takes the name that a client gives itself. */
function nameClient(ctx: KoaContextWithOIDC): string {
  const name = ctx.oidc.body?.['client_name'];
  return typeof name === 'string' ? name : crypto.randomUUID();
}

/** Seeds what a customer's consent would have made, through the server's models: nothing else may mint here. */
export async function mint(
  provider: Provider,
  { client: clientId, customer, lifetimes }: { client: string; customer: string; lifetimes: Lifetimes },
): Promise<Minted> {
  const client = await provider.Client.find(clientId);
  if (!client) throw new Error(`the authorization server knows no client ${clientId}`);
  const grant = lifetimes.grant ?? (await saveGrant(provider, { clientId, customer, lifetimes }));
  const common = { client, accountId: customer, grantId: grant, gty: 'authorization_code', scope };
  const refresh = new provider.RefreshToken({ ...common, ...expiry(lifetimes.refreshTokenSeconds) });
  const access = new provider.AccessToken({ ...common, ...expiry(lifetimes.accessTokenSeconds) });
  if (lifetimes.accessTokenFormat === 'jwt')
    access.resourceServer = new provider.ResourceServer(jwtAudience, {
      ...{ scope, audience: jwtAudience, accessTokenFormat: 'jwt' },
      jwt: { sign: { alg: 'ES256' } },
    });
  return {
    grant,
    refreshToken: await refresh.save(),
    refreshTokenId: `rt-${crypto.randomUUID()}`,
    accessToken: await access.save(),
    accessTokenId: `at-${crypto.randomUUID()}`,
  };
}

function saveGrant(
  provider: Provider,
  { clientId, customer, lifetimes }: { clientId: string; customer: string; lifetimes: Lifetimes },
): Promise<string> {
  const grant = new provider.Grant({ clientId, accountId: customer, ...expiry(lifetimes.grantSeconds) });
  grant.addOIDCScope(scope);
  return grant.save();
}

function expiry(seconds: number | undefined): { readonly expiresIn?: number } {
  return seconds === undefined ? {} : { expiresIn: seconds };
}
