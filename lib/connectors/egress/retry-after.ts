/** The three forms of an HTTP date begin with the name of a day (RFC 9110 section 5.6.7). */
const httpDate = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/i;

/**
 * Reads `Retry-After` (RFC 9110 section 10.2.3), in seconds or as an HTTP date, as milliseconds from `now`. A date is compared with
 * the server's own `Date`, where it sent one, because its clock may differ from ours. Returns undefined for anything else.
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (!value) return undefined;
  if (/^\d{1,10}$/.test(value)) return Number(value) * 1000;
  const until = readDate(value);
  if (until === undefined) return undefined;
  return Math.max(0, until - (readDate(headers.get('date')?.trim()) ?? now));
}

function readDate(text: string | undefined): number | undefined {
  if (text === undefined || !httpDate.test(text)) return undefined;
  // the form of asctime names no zone, and means UTC
  const time = Date.parse(/(GMT|UTC)$/i.test(text) ? text : `${text} GMT`);
  return Number.isNaN(time) ? undefined : time;
}
