import type { Credential } from '../domain/credential.ts';
import type { Secret } from '../domain/secret.ts';
import { fingerprint, fingerprintId } from '../keys/fingerprint.ts';
import { HandleRefused, openHandle } from '../keys/handle.ts';
import { readHandleKeys } from '../keys/key-pair.ts';
import { sha256 } from '../wire/digest.ts';

/**
 * Opens the handle of a credential, for this credential alone. One without a public reference is bound by the
 * SHA-256 of its own token, which must lead to its id.
 */
export function handleOpener(keys: { handleKeys(): Promise<Secret>; fingerprintKey(): Promise<Secret> }) {
  return async ({
    authority,
    id,
    partner,
    handle,
    fingerprint: print,
  }: Credential): Promise<Secret | undefined> => {
    if (handle === undefined) return undefined;
    const privateKeys = readHandleKeys(await keys.handleKeys());
    if (print === undefined || id !== fingerprintId(print))
      return openHandle(handle, privateKeys, { authority, partner, credential: id });
    const token = await openHandle(
      handle,
      privateKeys,
      (said) => said.authority === authority && said.partner === partner,
    );
    const named = fingerprintId(fingerprint(await keys.fingerprintKey(), sha256(token.reveal())));
    if (named !== id) throw new HandleRefused('transplanted');
    return token;
  };
}
