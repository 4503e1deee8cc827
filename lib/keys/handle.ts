import { compactDecrypt, CompactEncrypt, decodeProtectedHeader, importJWK, type JWK } from 'jose';
import { Secret } from '../domain/secret.ts';

/** What a handle is bound to; it is refused for anything else. */
export interface Binding {
  readonly authority: string;
  readonly partner: string;
  /** The credential's public reference, or `sha256:<hex>` where it has none. */
  readonly credential: string;
}

/** A JWK set (RFC 7517 section 5). */
export interface KeySet {
  readonly keys: readonly JWK[];
}

const alg = 'ECDH-ES';
const enc = 'A256GCM';

/** Encrypts a token to Rescind's public key, bound to one credential by the protected header (RFC 7516). */
export async function sealHandle(keys: KeySet, binding: Binding, token: Secret): Promise<string> {
  const jwk = keys.keys[0];
  if (!jwk) throw new TypeError('the key set is empty: let keep-keys run first');
  return new CompactEncrypt(new TextEncoder().encode(token.reveal()))
    .setProtectedHeader({ alg, enc, ...(jwk.kid && { kid: jwk.kid }), ...binding })
    .encrypt(await importJWK(jwk, alg));
}

/** What a handle says it is bound to; undefined where it says nothing readable. Proves nothing before `openHandle`. */
export function bindingOf(handle: string): Binding | undefined {
  try {
    const { authority, partner, credential, kid } = decodeProtectedHeader(handle);
    // without a kid no key would ever open it
    const texts = [authority, partner, credential, kid];
    if (!texts.every((text): text is string => typeof text === 'string')) return undefined;
    const [a = '', p = '', c = ''] = texts;
    return { authority: a, partner: p, credential: c };
  } catch {
    return undefined;
  }
}

/** Why a handle was not opened. */
export class HandleRefused extends Error {
  readonly code: 'transplanted' | 'unknown-key' | 'undecipherable';

  constructor(code: HandleRefused['code']) {
    super(`handle refused: ${code}`);
    this.name = 'HandleRefused';
    this.code = code;
  }
}

/**
 * Decrypts a handle with the private key named by its `kid`, for one binding, or for those that a test accepts.
 * The header is authenticated with the token (RFC 7516 section 5.1 step 14), so a moved handle does not open.
 */
export async function openHandle(
  handle: string,
  privateKeys: KeySet,
  binding: Binding | ((said: Binding) => boolean),
): Promise<Secret> {
  const said = bindingOf(handle);
  const same = said && (typeof binding === 'function' ? binding(said) : sameBinding(said, binding));
  if (!same) throw new HandleRefused('transplanted');
  const { kid } = decodeProtectedHeader(handle);
  const jwk = privateKeys.keys.find((key) => key.kid === kid);
  if (!jwk) throw new HandleRefused('unknown-key');
  try {
    const key = await importJWK(jwk, alg);
    const options = { keyManagementAlgorithms: [alg], contentEncryptionAlgorithms: [enc] };
    const { plaintext } = await compactDecrypt(handle, key, options);
    const token = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plaintext);
    if (token !== '') return new Secret(token);
  } catch {
    // one answer to whatever is wrong with it
  }
  throw new HandleRefused('undecipherable');
}

const sameBinding = (a: Binding, b: Binding): boolean =>
  a.authority === b.authority && a.partner === b.partner && a.credential === b.credential;
