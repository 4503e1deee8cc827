import type { Entry } from './entry.ts';
import { entryId } from '../ids.ts';
import { changesOf } from './changes.ts';
import type { Write } from './write.ts';

/** The time and new ids of one transaction. The wiring makes them, and decisions only use them. */
export interface Stamp {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** RFC 3339 of `now`. */
  readonly at: string;
  /** A new ULID at each call. */
  readonly newId: () => string;
}

/** Returns the writes together with the single ledger entry that names their state changes. */
export function recorded(
  writes: readonly Write[],
  entry: Pick<Entry, 'kind' | 'subject' | 'case' | 'facts'>,
  stamp: Stamp,
): Write[] {
  return [
    ...writes,
    {
      kind: 'append-entry',
      entry: {
        version: 1,
        id: entryId(stamp.newId()),
        kind: entry.kind,
        at: stamp.at,
        subject: entry.subject,
        ...(entry.case && { case: entry.case }),
        changes: changesOf(writes),
        facts: entry.facts,
      },
    },
  ];
}
