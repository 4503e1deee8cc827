import type { Credential } from '../../domain/inventory/credential.ts';
import type { Secret } from '../../domain/secret.ts';
import { fingerprint, fingerprintId } from '../../keys/fingerprint.ts';
import { HandleRefused, openHandle } from '../../keys/handle.ts';
import { readHandleKeys } from '../../keys/key-pair.ts';
import { sha256 } from '../../wire/digest.ts';

/**
 * Returns a function that opens the handle of a credential and checks that the token belongs to this credential: by its public reference,
 * and by the token's fingerprint where the sender announced one. It throws `HandleRefused` where the handle holds another token.
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
    // without a public reference the header contains a hash that can be compared only with the fingerprint
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
