import * as z from 'zod';
import { say } from '../../printable.ts';

/** Of an entry, what people are shown; everything else is for programs. */
export const shownEntry = z.object({
  id: z.string(),
  kind: z.string(),
  at: z.string(),
  case: z.string().optional(),
  changes: z.array(z.object({ item: z.string(), from: z.string().nullable(), to: z.string() })),
  facts: z.object({
    /** Who did it and why, where a person did. */
    by: z.string().optional(),
    reason: z.string().optional(),
    credential: z.string().optional(),
    /** What ends with that credential: names of the first, and how many in all. */
    ends: z.array(z.string()).optional(),
    count: z.number().optional(),
    attempts: z
      .array(z.object({ credential: z.string(), outcome: z.string(), verdict: z.string() }))
      .optional(),
    /** Cases that list this credential because it serves another consent. */
    shared: z.array(z.string()).optional(),
  }),
});
export type ShownEntry = z.infer<typeof shownEntry>;

/** An entry in lines: what it is, who did it, which credentials it is about, what changed. */
export function entryLines({ at, kind, id, changes, facts }: ShownEntry): string[] {
  const { by, reason, credential, attempts = [] } = facts;
  return [
    say`${at}  ${kind.padEnd(10)} ${id}`,
    ...(by === undefined ? [] : [say`    by ${by}${reason === undefined ? '' : `: ${reason}`}`]),
    ...(credential === undefined ? [] : [say`    of ${credential}`]),
    ...endsLines(facts),
    ...attempts.map((one) => say`    ${one.credential}: ${one.outcome}/${one.verdict}`),
    ...changes.map(({ item, from, to }) => say`    ${item}: ${from ?? '-'} -> ${to}`),
  ];
}

function endsLines({ ends, count = ends?.length ?? 0 }: ShownEntry['facts']): string[] {
  if (!ends) return [];
  const more = count - ends.length;
  return [
    `    ends with it: ${count === 0 ? 'nothing else' : count}`,
    ...ends.map((name) => say`      ${name}`),
    ...(more > 0 ? [`      and ${more} more`] : []),
  ];
}
