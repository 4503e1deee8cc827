/** Called before and after each call that has an effect outside; an error that it throws is a crash at that point. */
export type Tap = (call: string, when: 'before' | 'after', args: readonly unknown[]) => Promise<void>;

type Calls = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>;

/** Reads have no effect: a crash at a read is the same as a crash after the effect before it. */
const reads = new Set(['read', 'describe']);

/** Returns the same dependencies with the tap around each call. */
export function tapped<Own extends Calls>(own: Own, tap: Tap): Own {
  const wrapped = Object.entries(own).map(([name, call]) => {
    if (reads.has(name)) return [name, call] as const;
    const around = async (...args: never[]) => {
      await tap(name, 'before', args);
      const result = await call(...args);
      await tap(name, 'after', args);
      return result;
    };
    return [name, around] as const;
  });
  return Object.fromEntries(wrapped) as Own;
}
