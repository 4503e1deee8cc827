import type { Approval } from '../../emergency/approval.ts';
import { approvalHours } from '../../limits.ts';
import type { Write } from '../../transaction/write.ts';
import type { Stamp } from '../../transaction/stamp.ts';

/** What an operator asks for that takes two, and who asks. */
export interface Asking {
  readonly what: string;
  /** SHA-256 of exactly what would be done, hex. */
  readonly digest: string;
  readonly by: string;
}

export type TwoPeople =
  /** The first; `write` is absent where the same person asked before. */
  | { readonly kind: 'first'; readonly approval: Approval; readonly write?: Write }
  /** The second: it may be done, in one transaction with `write`. */
  | { readonly kind: 'second'; readonly askedBy: string; readonly write: Write };

/** Whether this is the first or the second of two people to ask for exactly this, within the time that an asking is good for. */
export function decideTwoPeople(
  { what, digest, by }: Asking,
  found: { readonly approval: Approval; readonly askedAt: number } | undefined,
  stamp: Stamp,
): TwoPeople {
  const good =
    found?.approval.state === 'asked' &&
    found.approval.digest === digest &&
    stamp.now <= found.askedAt + approvalHours * 3_600_000;
  if (good && found.approval.by !== by) {
    const { approval } = found;
    return {
      kind: 'second',
      askedBy: approval.by,
      write: { kind: 'use-approval', approval, by, at: stamp.at },
    };
  }
  if (good) return { kind: 'first', approval: found.approval };
  const approval: Approval = { what, digest, state: 'asked', by, at: stamp.at };
  return {
    kind: 'first',
    approval,
    write: { kind: 'ask-approval', approval, over: found?.approval ?? null },
  };
}
