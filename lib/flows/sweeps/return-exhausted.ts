import { type DeadLetter, fates, type Origin, type RefusedLetter } from '../../domain/intake/dead-letter.ts';
import type { Log } from '../flow.ts';

/** One run handles at most this many; the next run, a minute later, continues. */
const lettersMax = 1_000;

/** A batch starts only with this much time left: enough to receive, send and delete, each with a retry or two. */
const batchReserveMs = 10_000;

export interface ReturnExhausted {
  readonly exhausted: {
    /** Receives up to a batch, hidden from other runs for longer than this run lasts. An empty batch may also mean that few are left. */
    receive(): Promise<readonly DeadLetter[]>;
    /** Deletes these; returns those that could not be deleted. */
    forget(letters: readonly DeadLetter[]): Promise<readonly RefusedLetter[]>;
  };
  /** Sends these to Signals as new messages, whose age starts at zero. Returns those that the queue did not accept. */
  readonly sendSignals: (letters: readonly DeadLetter[]) => Promise<readonly RefusedLetter[]>;
  readonly remainingMs: () => number;
  readonly log: Log;
}

/** The counts of one run. */
export interface Returned {
  /** Sent to Signals. */
  readonly returned: number;
  readonly dropped: number;
  /** Still in Exhausted and soon visible again: not sent, or sent and not deleted, so that they will be sent once more. */
  readonly left: number;
  /** True if the run stopped at a limit, and not at the end of the queue. */
  readonly more: boolean;
}

/**
 * Empties the queue Exhausted: requeues dead-lettered announcements to Signals, and drops messages whose work is found again without
 * them. A dead letter is deleted after it was sent, never before: a run that ends in between leaves a duplicate, which changes
 * nothing at intake. A message that always fails does not loop fast: it returns here after 1,000 receives in Signals. These are up to
 * 15 s apart if it fails, which is four hours, and 180 s apart if the function ends while it works on the message.
 */
export async function returnExhausted(deps: ReturnExhausted): Promise<Returned> {
  const done = { returned: 0, dropped: 0, left: 0, more: false };
  const from: Partial<Record<Origin, number>> = {};
  const codes = new Set<string>();
  try {
    for (let handled = 0; ;) {
      done.more = handled >= lettersMax || deps.remainingMs() < batchReserveMs;
      const letters = done.more ? [] : await deps.exhausted.receive();
      if (letters.length === 0) return done;
      handled += letters.length;
      for (const { origin } of letters) from[origin] = (from[origin] ?? 0) + 1;
      const { sent, dropped, refused } = await handle(letters, deps);
      done.returned += sent;
      done.dropped += dropped;
      done.left += refused.length;
      for (const { code } of refused) codes.add(code);
    }
  } finally {
    // logged also if a queue cannot be reached halfway
    if (Object.keys(from).length > 0)
      deps.log.warn('exhausted messages', { ...done, from, ...(codes.size > 0 && { codes: [...codes] }) });
  }
}

async function handle(letters: readonly DeadLetter[], { exhausted, sendSignals }: ReturnExhausted) {
  const due = (fate: 'return' | 'drop') => letters.filter(({ origin }) => fates[origin] === fate);
  const back = due('return');
  const unsent = back.length > 0 ? await sendSignals(back) : [];
  const sent = without(back, unsent);
  const dropped = due('drop');
  const gone = [...sent, ...dropped];
  const kept = gone.length > 0 ? await exhausted.forget(gone) : [];
  return { sent: sent.length, dropped: without(dropped, kept).length, refused: [...unsent, ...kept] };
}

const without = (letters: readonly DeadLetter[], refused: readonly RefusedLetter[]): readonly DeadLetter[] =>
  letters.filter((letter) => !refused.some((one) => one.letter === letter));
