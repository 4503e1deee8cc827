import type { JWK } from 'jose';
import type { Fetch } from '../../../lib/connectors/egress.ts';
import {
  type ClientRegistration,
  type ClientRegistrationVerbs,
  createClientRegistration,
} from '../../../lib/connectors/registration/client-registration.ts';
import { type KeyVerdict, tryKey, type TryKeyOptions } from '../../../lib/connectors/registration/try-key.ts';
import { Secret } from '../../../lib/domain/secret.ts';
import { keySecret } from '../../contract/oauth-rig.ts';
import { type KeyPair, newKeyPair, type World } from '../../authority/rig.ts';

/** A partner's client that registered itself with its first key, seen from a worker that keeps what it is told to keep. */
export interface Partner {
  readonly clientId: string;
  readonly first: KeyPair;
  readonly second: KeyPair;
  /** As registered; after a rotation of the token it is out of date. */
  readonly registered: ClientRegistration;
  /** The registration as it was kept last. */
  kept(): ClientRegistration;
  readonly verbs: ClientRegistrationVerbs;
  /** The same over another fetch. */
  readonly verbsOver: (fetch: Fetch) => ClientRegistrationVerbs;
  tryKey(key: KeyPair, changes?: Partial<TryKeyOptions>): Promise<KeyVerdict>;
}

export const publicOf = (...keys: readonly KeyPair[]): readonly JWK[] =>
  keys.map(({ publicJwk }) => ({ ...publicJwk, use: 'sig' }));

export const kidsOf = (keys: readonly JWK[]): readonly (string | undefined)[] => keys.map(({ kid }) => kid);

let partners = 0;

export async function registerPartner(world: World): Promise<Partner> {
  const [first, second] = await Promise.all([newKeyPair(), newKeyPair()]);
  const registered = await world.authority.register({
    id: `partner-${++partners}`,
    jwk: first.publicJwk,
    grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'],
  });
  const at: ClientRegistration = {
    clientUri: registered.registrationClientUri,
    accessToken: new Secret(registered.registrationAccessToken),
  };
  let kept = at;
  const verbsOver = (fetch: Fetch): ClientRegistrationVerbs =>
    createClientRegistration({
      fetch,
      async keep(next) {
        kept = next;
      },
    });
  return {
    clientId: registered.clientId,
    first,
    second,
    registered: at,
    kept: () => kept,
    verbs: verbsOver(world.fetch),
    verbsOver,
    tryKey: (key, changes = {}) =>
      tryKey({
        issuer: world.authority.issuer,
        tokenEndpoint: world.authority.endpoints.token,
        revocationEndpoint: world.authority.endpoints.revocation,
        clientId: registered.clientId,
        key: keySecret(key),
        fetch: world.fetch,
        now: () => world.clock.now(),
        ...changes,
      }),
  };
}

/** Passes calls on and notes their methods. */
export function counting(fetch: Fetch): { readonly fetch: Fetch; readonly methods: readonly string[] } {
  const methods: string[] = [];
  return {
    methods,
    fetch(target, init) {
      methods.push(init?.method ?? 'GET');
      return fetch(target, init);
    },
  };
}
