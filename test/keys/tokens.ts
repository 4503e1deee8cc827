import type { JWK } from 'jose';
import { Secret } from '../../lib/domain/secret.ts';
import { type Binding, type KeySet, sealHandle } from '../../lib/keys/handle.ts';
import { makeHandleKeys, publicHalf } from '../../lib/keys/key-pair.ts';

/** What must be found nowhere but in the opened secret. */
export const canary = 'CANARY-refresh-token-4f1d';

export const binding: Binding = { authority: 'bank', partner: 'fintech', credential: 'rt-1' };

export interface Keys {
  readonly privateKeys: KeySet;
  readonly publicKeys: KeySet;
}

export async function freshKeys(): Promise<Keys> {
  const privateKeys = JSON.parse((await makeHandleKeys()).reveal()) as { keys: JWK[] };
  return { privateKeys, publicKeys: publicHalf(privateKeys) };
}

export const sealed = (keys: Keys, to: Binding = binding): Promise<string> =>
  sealHandle(keys.publicKeys, to, new Secret(canary));

/** The same handle with another protected header: what somebody without the key can do. */
export function withHeader(handle: string, change: (header: Record<string, unknown>) => object): string {
  const [header = '', ...rest] = handle.split('.');
  const said = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, unknown>;
  return [Buffer.from(JSON.stringify(change(said))).toString('base64url'), ...rest].join('.');
}
