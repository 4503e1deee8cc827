import type * as z from 'zod';

/** More than this is noise. */
const issuesMax = 5;

/** One line for people: which member, which rule; never what was sent. */
export function explain(error: z.ZodError, whole = 'the detail'): string {
  return error.issues
    .slice(0, issuesMax)
    .map((issue) => `${issue.path.length === 0 ? whole : issue.path.map(String).join('.')}: ${issue.message}`)
    .join('; ');
}
