import { addTallies, type Case, emptyTally, type Tally } from '../../case/case.ts';
import type { Write } from '../../transaction/write.ts';
import { recorded, type Stamp } from '../../transaction/stamp.ts';

/**
 * Closes a case in one transaction, which checks that the walk has ended and checks every tally. Returns undefined while the
 * walk goes on or an obligation is open or draining. `tallies` holds one tally for each shard, in order.
 */
export function decideClosing(
  worked: Case,
  tallies: readonly (Tally | undefined)[],
  stamp: Stamp,
): readonly Write[] | undefined {
  const total = addTallies(...tallies.map((tally) => tally ?? emptyTally));
  if (worked.state !== 'working' || worked.cursors > 0 || total.open > 0 || total.draining > 0)
    return undefined;
  const { id, follows, kind, subject, effectAt } = worked;
  const { planned, dead, waived, open, uncovered } = total;
  const writes: Write[] = [
    {
      kind: 'move-case',
      case: id,
      from: { state: 'working', cursors: 0 },
      to: { state: 'closed', cursors: 0 },
      completeAt: stamp.at,
    },
    ...tallies.map(
      (tally, shard) => ({ kind: 'require-tally', case: id, shard, tally: tally ?? emptyTally }) as const,
    ),
    {
      kind: 'queue-event',
      event: {
        id: stamp.newId(),
        type: 'Case Closed',
        detail: {
          case: id,
          ...(follows && { follows }),
          kind,
          subject,
          effectAt,
          completeAt: stamp.at,
          planned,
          dead,
          waived,
          open,
          uncovered,
        },
      },
    },
  ];
  return recorded(
    writes,
    { kind: 'closed', subject: `case/${id}`, case: id, facts: { planned, dead, waived } },
    stamp,
  );
}
