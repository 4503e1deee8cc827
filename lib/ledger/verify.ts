import { createHash } from 'node:crypto';
import type { EntryRef } from '../domain/ledger/order.ts';
import { holdChain, holdKnown, holdRoots, signedOnes } from './check-checkpoints.ts';
import { holdEntries } from './check-entries.ts';
import { leavesOf, rootsOf } from './check-order.ts';
import type { LedgerExport } from './export.ts';
import type { Find, Problem, Trust } from './problem.ts';

export type Verdict =
  | {
      readonly ok: true;
      /** Of the newest checkpoint; 0 and the root of the empty tree where nothing is signed. */
      readonly size: number;
      readonly root: string;
      /** Sealed ones. */
      readonly entries: number;
      readonly unsealed: readonly EntryRef[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Holds an export against its checkpoints: offline, from the bytes alone, sharing with the sealer only how things are
 * written down. Each problem names its entry or range. What was cut off after the known checkpoint cannot be seen.
 */
export async function verifyLedger(exported: LedgerExport, trust: Trust): Promise<Verdict> {
  const problems: Problem[] = [];
  const find: Find = (kind, where, says) => void problems.push({ kind, ...where, says });

  const checkpoints = await signedOnes(exported.checkpoints, trust, find);
  const size = checkpoints.at(-1)?.size ?? 0;
  const leaves = leavesOf(exported.orders, size, find);
  const roots = rootsOf(
    leaves.map(({ leaf }) => leaf),
    [...checkpoints.map((one) => one.size), ...(trust.known ? [trust.known.size] : [])],
  );

  holdRoots(checkpoints, roots, find);
  holdChain(checkpoints, find);
  holdKnown(trust, { size, roots, checkpoints }, find);
  const isWhole = !problems.some(({ kind }) => kind === 'missing-order');
  const unsealed = holdEntries(exported, { sealed: leaves.slice(0, size), isWhole }, find);

  if (problems.length > 0) return { ok: false, problems };
  const root = roots.get(size) ?? emptyRoot;
  return { ok: true, size, root, entries: size, unsealed };
}

/** SHA-256 of nothing (RFC 9162 section 2.1.1). */
const emptyRoot = createHash('sha256').digest('hex');
