/** So many in `npm test`: enough to see that a change broke something, in seconds. `.ci/run` plays a thousand. */
const seedsDefault = 25;

/** More than this takes a day. */
const seedsMax = 1_000_000;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The seeds of the random histories: 1 to RESCIND_SEEDS, or RESCIND_SEED alone, which plays one history again.
 * Throws where either is no whole number in its range.
 */
export function seedsIn(environment: Environment): readonly number[] {
  const one = readWhole('RESCIND_SEED', environment, { least: 0, most: Number.MAX_SAFE_INTEGER });
  if (one !== undefined) return [one];
  const count = readWhole('RESCIND_SEEDS', environment, { least: 1, most: seedsMax }) ?? seedsDefault;
  return Array.from({ length: count }, (_, index) => index + 1);
}

function readWhole(
  name: string,
  environment: Environment,
  { least, most }: { readonly least: number; readonly most: number },
): number | undefined {
  const text = environment[name];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new Error(`${name} has to be a whole number from ${least} to ${most}, and is "${text}"`);
  return value;
}
