import type { ClientId } from '../../domain/ids.ts';
import { sha256 } from '../../wire/digest.ts';

/** Secrets Manager accepts tokens of 32 to 64 characters. */
const digestCharacters = 40;

/**
 * Returns the `ClientRequestToken` of a client's rotation, which becomes the id of the new version. It is the same for every
 * attempt, so that a retry starts no second rotation.
 */
export const rotationToken = (client: ClientId, number: number): string =>
  `rescind-${sha256(`${client}\n${number}`).slice(0, digestCharacters)}`;
