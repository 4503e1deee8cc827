/** The pages for whoever deploys, and for whoever has to allow it. */
export const pages = ['lib/stack/DEPLOY.md', 'lib/stack/THREATS.md'] as const;

/** What stands in fences of one language. */
export const codeBlocks = (page: string, language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block);

/** The rows of the table whose head begins so: cells without the blanks round them. */
export function rowsUnder(page: string, head: string): readonly (readonly string[])[] {
  const [, table = ''] = page.split(`\n${head}`);
  return table
    .split('\n')
    .slice(2)
    .slice(
      0,
      table
        .split('\n')
        .slice(2)
        .findIndex((line) => !line.startsWith('|')),
    )
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
}
