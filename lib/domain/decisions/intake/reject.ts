import type { Facts } from '../../transaction/entry.ts';
import type { Write } from '../../transaction/write.ts';
import { recorded, type Stamp } from '../../transaction/stamp.ts';

/** Why an announcement will never work; `reason` names members and rules, never a value that was sent. */
export interface Rejection {
  readonly code:
    | 'malformed'
    | 'foreign'
    | 'beyond-sender'
    | 'unknown-type'
    | 'id-reused'
    | 'partner-unknown'
    | 'conflict'
    | 'transplanted';
  readonly reason: string;
  /** SHA-256 of what arrived, hex. */
  readonly digest: string;
}

/** The trace of a refused announcement: seen once, with its digest in one entry. */
export function decideRejection(
  { code, reason, digest }: Rejection,
  sender: Facts | undefined,
  stamp: Stamp,
): readonly Write[] {
  const writes: Write[] = [{ kind: 'see-rejection', digest, reason: code, at: stamp.at }];
  return recorded(
    writes,
    { kind: 'rejected', subject: `signal/${digest}`, facts: { code, reason, digest, ...sender } },
    stamp,
  );
}
