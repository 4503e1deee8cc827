/** A keyed fingerprint; twelve of its digits distinguish the rows of one table. */
const fingerprint = /^fp-([0-9a-f]{12})[0-9a-f]{52}$/;

/** Shortens an id for a table. Not for text to copy: a shortened id finds nothing. */
export const shortId = (id: string): string => id.replace(fingerprint, 'fp-$1…');

/** Returns the line that explains shortened ids, if the table has any. */
export const shortLines = (shown: readonly { readonly id: string }[]): string[] =>
  shown.some(({ id }) => fingerprint.test(id))
    ? ['an id that ends in … is shortened: --json prints it whole']
    : [];
