/** Characters that change a terminal: controls move the cursor, format characters reorder text, separators break lines. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Makes foreign text safe for a terminal: one line, with each control and format character written like `\u001b`. JSON stays
 * JSON of the same value.
 */
export const printable = (text: string): string => text.replace(unprintable, escaped);

/** Does the same for our own text, whose line breaks stay. */
export const printableLines = (text: string): string =>
  text.replace(unprintable, (found) => (found === '\n' ? found : escaped(found)));

/** A template that makes each value printable: a value cannot add a line. */
export function say(words: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return words.reduce((text, word, index) => `${text}${printable(String(values[index - 1]))}${word}`);
}

/** Returns a command to copy into a shell: each word stays one word, for any id. */
export function shell(...words: readonly string[]): string {
  const quoted = (word: string) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
  return printable(words.map(quoted).join(' '));
}

/** Returns the lines of a table; each column is as wide as its widest cell. */
export function columns(rows: readonly (readonly (string | number)[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => printable(String(cell))));
  const width = (column: number) => Math.max(...cells.map((row) => row[column]?.length ?? 0));
  const widths = (cells[0] ?? []).map((_, column) => width(column));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function escaped(found: string): string {
  return Array.from(
    { length: found.length },
    (_, unit) => String.raw`\u${found.charCodeAt(unit).toString(16).padStart(4, '0')}`,
  ).join('');
}
