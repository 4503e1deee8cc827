import type { Secret } from '../../domain/secret.ts';
import { fingerprint, fingerprintFor, type Purpose } from '../../keys/fingerprint.ts';

/** Computes keyed fingerprints. The key is read when it is needed. */
export const fingerprints = (key: () => Promise<Secret>) => ({
  fingerprint: async (hash: string) => fingerprint(await key(), hash),
  fingerprintFor: async (purpose: Purpose, text: string) => fingerprintFor(purpose, await key(), text),
});
