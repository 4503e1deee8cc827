import type { JWK } from 'jose';
import type { Authority } from '../../domain/inventory/authority.ts';
import type { CredentialId } from '../../domain/ids.ts';
import type { Client } from '../../domain/rotation/client.ts';
import { Secret } from '../../domain/secret.ts';
import { makeClientKey, publicHalfOf } from '../../keys/client-key.ts';
import type { Connector, RevokeOutcome, Sighting } from '../connector.ts';
import type { Fetch } from '../egress.ts';
import { audienceOf } from '../oauth/client-auth.ts';
import { createClientRegistration } from '../registration/client-registration.ts';
import { RegistrationError } from '../registration/registration-error.ts';
import { type KeyVerdict, tryKey } from '../registration/try-key.ts';
import { asTombstone, withKey, withoutKeys } from './key-set.ts';
import { oneAtATime } from './one-at-a-time.ts';

export interface ClientKeysDeps {
  /** `createEgress(...).fetch`. */
  readonly fetch: Fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The private JWK of this `kid`; undefined: it is nowhere any more. */
  readonly privateKey: (kid: CredentialId) => Promise<Secret | undefined>;
  /** The client's current key, where it is to go on working. */
  readonly living: () => Promise<CredentialId | undefined>;
  readonly registrationToken: {
    /** Past every cache: it may have been replaced. */
    read(): Promise<Secret | undefined>;
    /** Durably: see `RegistrationDeps.keep`. */
    keep(next: Secret): Promise<void>;
  };
}

export interface ClientKeysOptions {
  /**
   * A retirement: while the client has a living key, nothing is taken out and no refusal counts unless that one is accepted
   * at that time. A cut-off asks nobody.
   */
  readonly guarded: boolean;
}

const vantage = 'token-endpoint';

/**
 * The keys of one partner's client at its authorization server: taken out of its registration (RFC 7592), and used to see
 * whether they are (RFC 6749 section 4.4). The last key leaves a tombstone. Verbs that change the registration wait for
 * each other, because RFC 7592 has no condition on what was read.
 */
export function createClientKeysConnector(
  { client, authority }: { readonly client: Client; readonly authority: Authority },
  deps: ClientKeysDeps,
  { guarded }: ClientKeysOptions,
): Connector {
  const inTurn = oneAtATime();

  const tried = (key: Secret): Promise<KeyVerdict> =>
    tryKey({
      issuer: authority.issuer,
      tokenEndpoint: authority.tokenEndpoint,
      revocationEndpoint: authority.revocationEndpoint,
      clientId: client.clientId,
      // a server wants the same of all its clients
      audience: audienceOf(authority),
      key,
      fetch: deps.fetch,
      now: deps.now,
    });

  const tryKid = async (kid: CredentialId): Promise<KeyVerdict> => {
    const key = await deps.privateKey(kid);
    return key ? tried(key) : { kind: 'unknown', because: 'no-private-key' };
  };

  /** Undefined: no key is to go on working, or it is the one that is asked about. */
  async function tryLiving(but?: CredentialId): Promise<KeyVerdict | undefined> {
    const kid = await deps.living();
    return kid === undefined || kid === but ? undefined : tryKid(kid);
  }

  async function changeKeys(change: (keys: readonly JWK[]) => readonly JWK[]): Promise<RevokeOutcome> {
    const accessToken = await deps.registrationToken.read();
    if (!accessToken) return { kind: 'refused', because: 'no-registration-token' };
    const registration = createClientRegistration({
      fetch: deps.fetch,
      keep: (next) => deps.registrationToken.keep(next.accessToken),
    });
    try {
      await registration.changeKeys({ clientUri: client.registrationUri, accessToken }, change);
      return { kind: 'accepted' };
    } catch (error) {
      if (!(error instanceof RegistrationError)) throw error;
      if (error.disposition === 'reject') return { kind: 'refused', because: error.code };
      return { kind: 'unconfirmed', because: error.because };
    }
  }

  return {
    revoke: ({ id }) =>
      inTurn(async () => {
        const other = guarded ? await tryLiving(id) : undefined;
        if (other && other.kind !== 'accepted') return outcomeOf(other);
        const tombstone = await makeTombstone();
        return changeKeys((keys) => withoutKeys(keys, [id], tombstone.jwk));
      }),

    async probe({ id }) {
      const verdict = await tryKid(id);
      const other = guarded && isRefusal(verdict) ? await tryLiving(id) : undefined;
      return [{ vantage, ...readVerdict(verdict, other), at: deps.now() }];
    },

    seeCanary: () =>
      inTurn(async () => {
        const living = await tryLiving();
        if (living?.kind === 'accepted') return deps.now();
        if (guarded && living) return undefined;
        // the last key is being killed: what vouches for its refusal is a key that lives for this call alone
        const canary = await makeTombstone();
        const put = await changeKeys((keys) => withKey(keys, canary.jwk));
        if (put.kind !== 'accepted') return undefined;
        return (await tried(canary.secret)).kind === 'accepted' ? deps.now() : undefined;
      }),
  };
}

/** Whoever forgets `secret` has made a key that nobody holds. */
async function makeTombstone(): Promise<{ readonly jwk: JWK; readonly secret: Secret }> {
  const made = await makeClientKey();
  const { jwk } = publicHalfOf(made) ?? {};
  if (!jwk) throw new Error('the key that was just made cannot be read');
  const named = asTombstone(jwk);
  const secret = new Secret(JSON.stringify({ ...JSON.parse(made.reveal()), kid: named.kid }));
  return { jwk: named, secret };
}

/** What keeps the old key where it is: the other one is refused, or nothing was learned of it. */
function outcomeOf(other: Exclude<KeyVerdict, { kind: 'accepted' }>): RevokeOutcome {
  if (other.kind === 'refused') return { kind: 'refused', because: 'invalid-client' };
  return { kind: 'unconfirmed', because: other.because };
}

/**
 * What refuses this key, if another one of the client is accepted: RFC 6749 section 5.2 has `invalid_client` for it, and Ory
 * Hydra says `invalid_request` of a key that is not in the client's set (fosite's `findPublicKey`).
 */
const isRefusal = (verdict: KeyVerdict): boolean =>
  verdict.kind === 'refused' || (verdict.kind === 'unknown' && verdict.because === 'invalid-request');

/** A refusal says something of the key only where the client as such gets in. */
function readVerdict(
  verdict: KeyVerdict,
  other: KeyVerdict | undefined,
): Pick<Sighting, 'answer' | 'because'> {
  if (verdict.kind === 'accepted')
    // the token that was minted to see it lives until it lapses: the ledger says so
    return { answer: 'active', because: verdict.minted === 'left' ? 'active-token-left' : 'active' };
  if (verdict.kind === 'unknown' && !isRefusal(verdict))
    return { answer: 'unknown', because: verdict.because };
  if (other?.kind === 'unknown') return { answer: 'unknown', because: other.because };
  if (other?.kind === 'refused') return { answer: 'unknown', because: 'invalid-client' };
  return { answer: 'inactive', because: 'inactive' };
}
