import type { Credential } from '../../domain/inventory/credential.ts';
import type { Secret } from '../../domain/secret.ts';
import { fingerprint, fingerprintId } from '../../keys/fingerprint.ts';
import { HandleRefused, openHandle } from '../../keys/handle.ts';
import { readHandleKeys } from '../../keys/key-pair.ts';
import { sha256 } from '../../wire/digest.ts';

/**
 * Opens the handle of a credential, for this credential alone: bound by its public reference, and by the fingerprint of the token
 * wherever the sender told one. What is in a handle that contradicts it is some other token.
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
    // without a public reference the header bears a hash that only the fingerprint can be held against
    const isNamed = print === undefined || id !== fingerprintId(print);
    const token = await openHandle(
      handle,
      privateKeys,
      isNamed
        ? { authority, partner, credential: id }
        : (said) => said.authority === authority && said.partner === partner,
    );
    if (print === undefined) return token;
    if (fingerprint(await keys.fingerprintKey(), sha256(token.reveal())) !== print)
      throw new HandleRefused('transplanted');
    return token;
  };
}
