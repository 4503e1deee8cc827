import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type ClientMetadata, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { AuthoritySettings, Lifetimes, LocalClient, Minted } from './messages.ts';
import type { Store } from './store.ts';

const scope = 'accounts offline_access';
const dayS = 24 * 60 * 60;

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
  const operators = new Set(settings.clients.filter(({ operator }) => operator).map(({ id }) => id));
  const mayTouch = (caller: string, owner: string | undefined): boolean =>
    operators.has(caller) || caller === owner;
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return new Provider(issuer, {
    adapter: store.adapter,
    clients: settings.clients.map(toMetadata),
    clientAuthMethods: ['private_key_jwt'],
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
        allowedPolicy: (_ctx, client, token) => mayTouch(client.clientId, token.clientId),
      },
      revocation: {
        enabled: true,
        allowedPolicy(_ctx, client, token) {
          if (mayTouch(client.clientId, token.clientId)) return true;
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
    ttl: {
      AccessToken: 3_600,
      ClientCredentials: 600,
      Grant: 180 * dayS,
      RefreshToken: 180 * dayS,
      IdToken: 600,
    },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  });
}

/** A server chooses its clients' ids (RFC 7591 section 3.2.1): this one takes the name that a client gives itself. */
function nameClient(ctx: KoaContextWithOIDC): string {
  const name = ctx.oidc.body?.['client_name'];
  return typeof name === 'string' ? name : crypto.randomUUID();
}

/** How a client of the local world describes itself to the server, whoever registers it. */
export function toMetadata({ id, jwk, operator, grantTypes }: LocalClient): ClientMetadata {
  const own = operator ? ['client_credentials'] : ['authorization_code', 'refresh_token'];
  const grants = [...(grantTypes ?? own)];
  const interactive = grants.includes('authorization_code');
  return {
    client_id: id,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    id_token_signed_response_alg: 'ES256',
    jwks: { keys: [{ ...jwk, use: 'sig' }] },
    grant_types: grants,
    response_types: interactive ? ['code'] : [],
    redirect_uris: interactive ? [`https://${id}.example/callback`] : [],
  } as ClientMetadata;
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
