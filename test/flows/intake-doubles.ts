import { Secret } from '../../lib/domain/secret.ts';

/** What a world of flows without AWS is given besides its tables: nothing to hear of, nothing refused, tokens that are their ids. */
export const intakeDoubles = {
  account: '111122223333',
  send: async () => {},
  log: { info: () => {}, warn: () => {}, error: () => {} },
  remainingMs: () => 30_000,
  measure: () => {},
  fingerprint: async (hash: string) => hash,
  fingerprintFor: async (purpose: string, text: string) => `${purpose}-${text}`,
  sendRejected: async ({ code, reason }: { readonly code: string; readonly reason: string }) => {
    throw new Error(`rejected: ${code}: ${reason}`);
  },
  openHandle: async ({ id }: { readonly id: string }) => new Secret(id),
} as const;
