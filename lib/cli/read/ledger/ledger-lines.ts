import * as z from 'zod';
import { say } from '../../printable.ts';

/** The members of an entry that people are shown; the others are for programs. */
export const shownEntry = z.object({
  id: z.string(),
  kind: z.string(),
  at: z.string(),
  case: z.string().optional(),
  changes: z.array(z.object({ item: z.string(), from: z.string().nullable(), to: z.string() })),
  facts: z.object({
    /** The person who ordered it, with the reason. */
    by: z.string().optional(),
    reason: z.string().optional(),
    credential: z.string().optional(),
    /** The first of the credentials that end with that one; `count` is the number of all. */
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

/** Returns an entry in lines: kind, person, credentials, changes. */
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
