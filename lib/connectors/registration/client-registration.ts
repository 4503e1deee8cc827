import type { JWK } from 'jose';
import { Secret } from '../../domain/secret.ts';
import type { Fetch } from '../egress.ts';
import { callRegistration, type ClientRegistration } from './call-registration.ts';
import {
  type ClientInformation,
  type ClientMetadata,
  keysOf,
  metadataOf,
  readGrantedToken,
  readInformation,
  updateOf,
} from './client-information.ts';
import { areSameKeys, checkPublicKeys } from './public-keys.ts';
import { RegistrationError } from './registration-error.ts';

export type { ClientRegistration } from './call-registration.ts';
export type { ClientMetadata } from './client-information.ts';

export interface RegistrationDeps {
  /** `createEgress(...).fetch`. */
  readonly fetch: Fetch;
  /**
   * Stores the token to use next, durably. Called whenever an answer brings another one, before anything else is done:
   * the server may have discarded the old one already (RFC 7592 section 3), also where the call fails afterwards. What it
   * throws passes through, and the new token is then lost: let it try hard.
   */
  readonly keep: (next: ClientRegistration) => Promise<void>;
}

/**
 * A partner's client at its authorization server (RFC 7592). All verbs throw `RegistrationError`, and what `keep` throws.
 *
 * Each may be called again after any failure. After `silent` or `unavailable` the change may or may not have been made:
 * call again with the newest token that was kept. Where the server rotates the token at each update (`oidc-provider` does
 * by default) and that answer was lost, the old token is dead and the new one known to nobody: the next call throws
 * `registration-token-refused`, and only the server's operator helps, by issuing another token. Prove by `tryKey` which
 * keys hold meanwhile. A server that leaves the token as it is (`rotateRegistrationAccessToken: false`) cannot do this.
 */
export interface ClientRegistrationVerbs {
  read(
    at: ClientRegistration,
  ): Promise<{ readonly metadata: ClientMetadata; readonly registration: ClientRegistration }>;
  /**
   * Makes these the client's only keys (RFC 7592 section 2.2), everything else as it was; sends no update where they
   * already are. `keys` names every key that should stay, the client's encryption keys among them. What it gives is what
   * the server claims: `tryKey` is the proof. RFC 7592 has no condition on what was read: two callers at once for one
   * client overwrite each other.
   */
  replaceKeys(
    at: ClientRegistration,
    keys: readonly JWK[],
  ): Promise<{
    /** As the server has them now; it may have refused or altered some. */
    readonly keys: readonly JWK[];
    readonly registration: ClientRegistration;
  }>;
  /** Like `replaceKeys`, where the new set depends on what the server has: it is read once, right before the update. */
  changeKeys(
    at: ClientRegistration,
    change: (keys: readonly JWK[]) => readonly JWK[],
  ): ReturnType<ClientRegistrationVerbs['replaceKeys']>;
}

interface Known {
  readonly information: ClientInformation;
  readonly registration: ClientRegistration;
}

export function createClientRegistration({ fetch, keep }: RegistrationDeps): ClientRegistrationVerbs {
  async function call(at: ClientRegistration, update?: object): Promise<Known> {
    const json = await callRegistration(fetch, at, update);
    const granted = readGrantedToken(json);
    const rotated = granted !== undefined && granted !== at.accessToken.reveal();
    const registration = rotated ? { clientUri: at.clientUri, accessToken: new Secret(granted) } : at;
    if (rotated) await keep(registration);
    const information = readInformation(json);
    if (!information) throw notRegistration(at);
    return { information, registration };
  }

  const changeKeys: ClientRegistrationVerbs['changeKeys'] = async (at, change) => {
    const read = await call(at);
    checkClient(at, read.information);
    const known = keysOf(read.information);
    const keys = change(known);
    checkPublicKeys(keys);
    // an update that changes nothing could still cost the token
    if (await areSameKeys(known, keys)) return { keys: known, registration: read.registration };
    const { information, registration } = await call(read.registration, updateOf(read.information, keys));
    if (information.client_id !== read.information.client_id) throw notRegistration(at);
    return { keys: keysOf(information), registration };
  };

  return {
    async read(at) {
      const { information, registration } = await call(at);
      return { metadata: metadataOf(information), registration };
    },
    async replaceKeys(at, keys) {
      checkPublicKeys(keys);
      return changeKeys(at, () => keys);
    },
    changeKeys,
  };
}

/** Refuses a client to which a new set of keys would make no difference. */
function checkClient(at: ClientRegistration, read: ClientInformation): void {
  const host = new URL(at.clientUri).host;
  if (read.token_endpoint_auth_method !== 'private_key_jwt') {
    throw new RegistrationError(
      'not-by-key',
      'auth-method',
      `the client at ${host} does not authenticate by private_key_jwt; rotate what it does authenticate by`,
    );
  }
  // RFC 7591 section 2: never both
  if (read.jwks_uri) {
    throw new RegistrationError(
      'keys-by-uri',
      'jwks-uri',
      `the client at ${host} publishes its keys at a jwks_uri; change them there, or register them by value`,
    );
  }
}

function notRegistration(at: ClientRegistration): RegistrationError {
  return new RegistrationError(
    'not-registration',
    'not-registration',
    `${new URL(at.clientUri).host} answered with something else than this client's registration; check the registered URI`,
  );
}
