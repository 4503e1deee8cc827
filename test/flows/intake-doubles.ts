import { Secret } from '../../lib/domain/secret.ts';

/** Doubles for flows that run on tables alone: no one to send to, rejections that throw, tokens that are their own ids. */
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
