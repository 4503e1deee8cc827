import type { EgressCode } from '../../connectors/egress/egress-error.ts';
import type { OAuthError } from '../../connectors/oauth/answer.ts';
import type { RegistrationCode } from '../../connectors/registration/registration-error.ts';
import type { Outcome, Verdict } from '../../domain/case/obligation.ts';
import type { Vantage } from '../../domain/case/sighting.ts';
import type { HandleRefused } from '../../keys/handle.ts';
import { columns } from '../printable.ts';

/**
 * Explains the codes of attempts, one row for each code that occurs: outcome and verdict first, then the places that were asked, then
 * what was learned there. An attempt is written `unconfirmed/unknown revocation:timeout introspection:http-503`.
 */
export function explainAttempts(attempts: readonly string[]): string[] {
  const words = attempts.flatMap((text) => text.split(' '));
  const answers = words.flatMap((word) => {
    const [, place = '', code = ''] = /^([a-z-]+):(\S+)$/.exec(word) ?? [];
    return place === '' ? [] : [{ place, code }];
  });
  const rows = [
    ...rowsOf(words, (word) => sentenceIn(results, word)),
    ...rowsOf(
      answers.map(({ place }) => place),
      (place) => sentenceIn(places, place),
    ),
    ...rowsOf(
      answers.map(({ code }) => code),
      sentenceOf,
    ),
  ];
  return columns(rows);
}

function rowsOf(codes: readonly string[], sentence: (code: string) => string | undefined) {
  return [...new Set(codes)].flatMap((code) => {
    const says = sentence(code);
    return says === undefined ? [] : [[`  ${code}`, says]];
  });
}

/** Returns the sentence of a code behind the colon; undefined for an unknown code. */
export function sentenceOf(code: string): string | undefined {
  const [, status] = /^http-(\d{3})$/.exec(code) ?? [];
  return status === undefined ? sentenceIn(codes, code) : `the answer had the HTTP status ${status}`;
}

const sentenceIn = (table: Readonly<Record<string, string>>, code: string): string | undefined =>
  Object.hasOwn(table, code) ? table[code] : undefined;

type Result = Exclude<`${Outcome}/${Verdict}`, `${'accepted' | 'already-gone'}/${'alive' | 'unknown'}`>;

const results: Readonly<Record<Result, string>> = {
  'accepted/dead': 'revoked, and proven dead',
  'already-gone/dead': 'proven dead; it was gone before its own revocation, or ended with its grant',
  'unconfirmed/dead': 'proven dead, although its revocation was not confirmed',
  'refused/dead': 'proven dead, although its revocation was refused or not sent',
  'unconfirmed/alive': 'a vantage point still sees it active: it is alive; workers try again',
  'unconfirmed/unknown':
    'nothing shows it active and nothing proves it dead: it counts as alive; workers try again',
  'refused/alive': 'it is alive, and its revocation was refused or not sent: a person must act',
  'refused/unknown': 'it counts as alive, and its revocation was refused or not sent: a person must act',
};

const places: Readonly<Record<'revocation' | Vantage, string>> = {
  revocation: 'the answer to the revocation, or why none was sent; the answer alone proves nothing',
  introspection: 'vantage point: the introspection endpoint, asked as an operator who sees all tokens',
  'introspection-as-party':
    'vantage point: the introspection endpoint, asked as a client that sees only its own tokens',
  'token-endpoint': 'vantage point: the token endpoint, which accepts or refuses the key',
};

/** The errors of OAuth are written with hyphens. */
type Hyphened<Text> = Text extends `${infer Head}_${infer Rest}` ? Hyphened<`${Head}-${Rest}`> : Text;

/** The other codes, which Rescind writes itself. */
type Own =
  // answers to the revocation, and reasons why none was sent
  | 'accepted'
  | 'already-gone'
  | 'with-grant'
  | 'unsupported'
  | 'collateral'
  | 'unplanned'
  | 'no-time'
  | 'internal'
  | 'no-handle'
  | 'no-registration-token'
  // our client at the authority
  | 'client-key'
  | 'registration'
  // sightings of a vantage point
  | 'active'
  | 'active-token-left'
  | 'inactive'
  | 'not-json'
  | 'no-active'
  | 'no-token'
  | 'no-private-key';

type Code = EgressCode | RegistrationCode | HandleRefused['code'] | Hyphened<OAuthError> | Own;

const codes: Readonly<Record<Code, string>> = {
  accepted: 'the authority accepted the revocation',
  'already-gone': 'the authority does not know the token (any more)',
  'with-grant': 'not sent: another credential of its grant was revoked, which ended this one too',
  unsupported: 'the authority cannot revoke this kind of credential: it ends at its expiry',
  collateral: 'not sent: it would also end live credentials outside this case; an operator must accept that',
  unplanned: 'not sent yet: it would also end credentials that the walk of this case may still list',
  'no-time': 'not sent: the time of the worker was up',
  internal: 'Rescind itself failed at this attempt: read the log of work-obligations',
  'no-handle': 'the credential was announced without a handle, so that Rescind has no token to present',
  'no-registration-token': 'the registration access token of the client is missing: put it into its secret',

  'invalid-client':
    'the authority refuses the client that was used: check its credentials and its registration there',
  'unauthorized-client':
    'the authority does not allow this to the client that was used: have its operator allow it',
  'invalid-request': 'the authority calls the request malformed: check the registered endpoints',
  'invalid-grant': 'the authority calls the grant invalid: ask its operator',
  'invalid-scope': 'the authority calls the scope invalid: ask its operator',
  'invalid-token': 'the authority calls the token invalid',
  'unsupported-grant-type': 'the authority does not support the client credentials grant for this client',
  'unsupported-token-type': 'the authority does not support this type of token',
  'client-key': 'the secret of the client that was used has no usable key: correct the secret',
  registration: 'an endpoint is missing or not https: register the authority again with a higher revision',

  active: 'it is seen active',
  'active-token-left':
    'the key is accepted; the test token that showed this could not be revoked and expires by itself',
  inactive:
    'it is said to be inactive; this is a proof only with a control that the vantage point can be believed',
  'not-json': 'the answer was not JSON',
  'no-active': 'the answer did not say whether the token is active',
  'no-token': 'the answer had no token in it',
  'no-private-key': 'Rescind no longer has the private key, and cannot try it',

  transplanted: 'the handle was made for another credential',
  'unknown-key': 'the handle was made with a key that is not a current one: rescind keys show prints those',
  undecipherable: 'the handle does not open: it was damaged, or has no token in it',

  rule: 'the egress setting itself is wrong: correct it and deploy',
  url: 'the registered endpoint is not a URL: register it again with a higher revision',
  'not-https': 'the registered endpoint is not https: register it again with a higher revision',
  'user-info': 'the registered endpoint has a user name or password in it: register it without',
  port: 'the egress setting does not allow the port of the endpoint: add a rule and deploy, or correct the registration',
  'private-name': 'the host has a private name that the egress setting does not list: list it and deploy',
  address: 'the host resolves to an address that the egress setting does not allow: list the host and deploy',
  dns: 'the host name could not be resolved',
  connection: 'the connection failed',
  tls: 'the certificate does not prove the host, or the TLS handshake failed: check certificate and CA',
  timeout: 'no answer came in time',
  aborted: 'the call was stopped before an answer came',
  redirect: 'the endpoint answered with a redirect, which is not followed: register the final endpoint',
  'too-large': 'the answer was larger than allowed',
  request: 'the request could not be sent: a value in it has characters that HTTP does not allow',
  'not-http': 'the answer was not HTTP',
  paused:
    'not sent: the authority did not answer before, and calls to it are paused; rescind status says until when',

  'registration-token-refused':
    'the authority refuses the registration access token: have its operator issue another, and store it',
  'management-forbidden': 'the authority does not allow changes of this client: have its operator allow them',
  'management-unsupported':
    'the authority does not offer RFC 7592 at the registered URI: correct the URI, or remove the key there',
  'metadata-refused':
    'the authority refuses the changed registration of the client: check algorithm and key type',
  unavailable: 'the authority could not change the registration at that time',
  silent: 'no answer came to the change of the registration, which may have been made',
  unsendable: 'the stored registration access token or URI cannot be used: correct it',
  'not-registration': 'the answer was no client registration, but perhaps the page of a proxy',
  'not-by-key': 'the client does not authenticate by a key at this authority',
  'keys-by-uri': 'the client has its keys at a jwks_uri: remove the key there',
  keys: 'the new set of keys was not usable, and was not sent',
};
