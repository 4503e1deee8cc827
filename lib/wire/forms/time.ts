import * as z from 'zod';

/** A time with microseconds and an offset has 32 characters; no clock writes twice as many. */
const charactersMax = 64;

/** RFC 3339 section 5.6, with `t` and `z` in either case and second 60; days exist in their month. */
const pattern = new RegExp(
  `${z.regexes.date.source.slice(0, -1)}[Tt](?:[01]\\d|2[0-3]):[0-5]\\d:(?:[0-5]\\d|60)(?:\\.\\d+)?(?:[Zz]|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)$`,
);

const error = 'must be an RFC 3339 time with an offset, such as 2026-01-31T09:30:00Z';

/**
 * A time as a sender writes it (RFC 3339). It is kept as it is written, except that `t` and `z` become capitals, and that a
 * leap second becomes the second that follows it, in UTC: `Date` has no second 60, and POSIX counts both as one.
 */
export const time = z
  .string({ error })
  // a fraction may have any number of digits: the length is checked before anything is parsed
  .max(charactersMax, { error: `must be ${charactersMax} characters or fewer`, abort: true })
  .regex(pattern, error)
  .transform((text, context) => {
    const capitals = text.toUpperCase();
    const normal = secondsOf(capitals) === '60' ? afterLeapSecond(capitals) : capitals;
    if (normal !== undefined) return normal;
    context.addIssue(
      'must have second 60 only where a leap second can be: as 23:59:60 UTC, at the end of a month',
    );
    return z.NEVER;
  });

/** `2026-01-31T09:30:00...`: the seconds always stand there. */
const secondsAt = 'yyyy-mm-ddThh:mm:'.length;

const secondsOf = (text: string): string => text.slice(secondsAt, secondsAt + 2);

/** RFC 3339 section 5.7: a leap second ends a month of UTC. Undefined: this one does not, or no year of four digits follows. */
function afterLeapSecond(text: string): string | undefined {
  const [, fraction = ''] = /:60(\.\d+)?/.exec(text) ?? [];
  const second59 = Date.parse(`${text.slice(0, secondsAt)}59${text.slice(secondsAt + 2 + fraction.length)}`);
  const after = new Date(second59 + 1000).toISOString();
  return /^\d{4}-\d\d-01T00:00:00\.000Z$/.test(after) ? after.replace('.000', fraction) : undefined;
}
