import type { Approval } from '../../emergency/approval.ts';
import { approvalHours } from '../../limits.ts';
import type { Write } from '../../transaction/write.ts';
import type { Stamp } from '../../transaction/stamp.ts';

/** A request of an operator for something that takes two people. */
export interface Asking {
  readonly what: string;
  /** SHA-256 over all that would be done, hex. */
  readonly digest: string;
  readonly by: string;
}

export type TwoPeople =
  /** This operator is the first. `write` is absent where the same operator asked before. */
  | { readonly kind: 'first'; readonly approval: Approval; readonly write?: Write }
  /** This operator is the second: the change may be made, in one transaction with `write`. */
  | { readonly kind: 'second'; readonly askedBy: string; readonly write: Write };

/** Decides whether an operator is the first or the second to ask for exactly this change. A request is valid for `approvalHours`. */
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
