import { createHash } from 'node:crypto';
import { compactVerify, decodeProtectedHeader, importJWK } from 'jose';
import type { Checkpoint } from '../domain/ledger/checkpoint.ts';
import type { Find, Trust } from './problem.ts';
import { checkpointType, type PublicKey, readCheckpoint } from './signed-checkpoint.ts';

/** A checkpoint whose signature verified. */
export type Signed = Checkpoint & { readonly digest: string };

/** Checkpoints of this ledger under a trusted key, by size. */
export async function signedOnes(compact: readonly string[], trust: Trust, find: Find): Promise<Signed[]> {
  const keys = new Map(trust.keys.map((key) => [key.kid, key]));
  const signed: Signed[] = [];
  for (const jws of new Set(compact)) {
    const said = readCheckpoint(jws);
    if (said?.origin !== trust.origin) {
      find('foreign', {}, `a checkpoint is none of ${trust.origin}: ${said?.origin ?? 'unreadable'}`);
      continue;
    }
    const range = { from: 0, to: said.size };
    const key = keys.get(keyIdOf(jws) ?? '');
    if (!key)
      find('unknown-key', { range }, `the checkpoint of size ${said.size} names a key that is not trusted`);
    else if (!(await isSignedBy(key, jws)))
      find('signature', { range }, `the signature of the checkpoint of size ${said.size} does not verify`);
    else signed.push({ ...said, digest: sha256(jws) });
  }
  return signed.sort((a, b) => a.size - b.size);
}

function keyIdOf(jws: string): string | undefined {
  try {
    return decodeProtectedHeader(jws).kid;
  } catch {
    return undefined;
  }
}

async function isSignedBy(key: PublicKey, jws: string): Promise<boolean> {
  try {
    const { protectedHeader } = await compactVerify(jws, await importJWK(key, 'ES256'), {
      algorithms: ['ES256'],
    });
    return protectedHeader.typ === checkpointType;
  } catch {
    return false;
  }
}

/** Names the first range that does not give its root: every later root contains it. */
export function holdRoots(
  checkpoints: readonly Signed[],
  roots: ReadonlyMap<number, string>,
  find: Find,
): void {
  const bySize = new Map<number, Set<string>>();
  for (const { size, root } of checkpoints) bySize.set(size, (bySize.get(size) ?? new Set()).add(root));
  let from = 0;
  let holds = true;
  for (const [size, signed] of bySize) {
    const range = { from, to: size };
    const root = roots.get(size);
    if (signed.size > 1)
      find(
        'forked',
        { range },
        `${signed.size} roots are signed for size ${size}: the ledger was shown in two versions`,
      );
    if (holds && root !== undefined && !signed.has(root)) {
      find(
        'root',
        { range },
        `entries ${from} to ${size - 1}, as they are ordered, do not give the root that was signed`,
      );
      holds = false;
    }
    from = size;
  }
}

export function holdChain(checkpoints: readonly Signed[], find: Find): void {
  let before: { readonly size: number; readonly digests: readonly (string | null)[] } = {
    size: 0,
    digests: [null],
  };
  let same: typeof before = before;
  for (const { size, previous, digest } of checkpoints) {
    if (size !== same.size) {
      before = same;
      same = { size, digests: [] };
    }
    if (!before.digests.includes(previous))
      find(
        'chain',
        { range: { from: before.size, to: size } },
        `the checkpoint of size ${size} does not follow the one of size ${before.size}: one between is missing, or changed`,
      );
    same = { size, digests: [...same.digests, digest] };
  }
}

export function holdKnown(
  { known }: Trust,
  found: {
    readonly size: number;
    readonly roots: ReadonlyMap<number, string>;
    readonly checkpoints: readonly Signed[];
  },
  find: Find,
): void {
  if (!known || known.size === 0) return;
  const range = { from: 0, to: known.size };
  if (found.size < known.size) {
    find(
      'truncated',
      { range: { from: found.size, to: known.size } },
      `the ledger ends at ${found.size}, and ${known.size} entries were sealed`,
    );
  }
  const roots = found.checkpoints.filter(({ size }) => size === known.size).map(({ root }) => root);
  const computed = found.roots.get(known.size);
  if (roots.some((root) => root !== known.root) || (computed !== undefined && computed !== known.root))
    find(
      'forked',
      { range },
      `the first ${known.size} entries are not those that the known checkpoint sealed`,
    );
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'ascii').digest('hex');
