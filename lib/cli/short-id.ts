/** Fewer digits of a keyed fingerprint still tell two of one table apart. */
const fingerprint = /^fp-([0-9a-f]{12})[0-9a-f]{52}$/;

/** An id as a table shows it. Never for what is to be pasted: a shortened id is none. */
export const shortId = (id: string): string => id.replace(fingerprint, 'fp-$1…');

/** Where ids of a table are shortened, a line that says how to see them whole. */
export const shortLines = (shown: readonly { readonly id: string }[]): string[] =>
  shown.some(({ id }) => fingerprint.test(id))
    ? ['an id that ends in … is shortened: --json has it whole']
    : [];
