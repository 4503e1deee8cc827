import type { Facts } from '../../transaction/entry.ts';
import type { Write } from '../../transaction/write.ts';
import { recorded, type Stamp } from '../../transaction/stamp.ts';

/** The reason why an announcement will never be accepted. `reason` names members and rules, never a value that was sent. */
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
  /** SHA-256 of the announcement as it arrived, hex. */
  readonly digest: string;
}

/** Records a refused announcement once, with its digest in one entry. */
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
