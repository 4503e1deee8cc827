import { createHash } from 'node:crypto';
import type { TreeHashing } from '../domain/ledger/tree.ts';

const leafPrefix = Uint8Array.of(0x00);
const nodePrefix = Uint8Array.of(0x01);

/** RFC 9162 section 2.1.1 over SHA-256. */
export const treeHashing: TreeHashing = {
  empty: createHash('sha256').digest('hex'),
  leaf: (body) => createHash('sha256').update(leafPrefix).update(body, 'utf8').digest('hex'),
  node: (left, right) =>
    createHash('sha256').update(nodePrefix).update(left, 'hex').update(right, 'hex').digest('hex'),
};
