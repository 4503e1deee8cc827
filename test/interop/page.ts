import { format, resolveConfig } from 'prettier';
import { verdicts } from './capability.ts';
import { groups } from './capabilities.ts';
import type { HandedOut } from './hand-over.ts';
import { servers } from './servers.ts';

/** Only `npm run interop -- --write` writes between its markers. */
export const page = 'lib/connectors/README.md';

/** One server as the page has it: its version, and what was seen by the title of the row. */
export interface Column {
  readonly version: string;
  readonly cells: ReadonlyMap<string, string>;
}

const [begin, end] = ['<!-- interop -->', '<!-- /interop -->'];
const capabilities = groups.flatMap((group) => group.capabilities);

/** A run as a column. */
export function columnOf({ version, observations }: HandedOut): Column {
  const cells = capabilities.flatMap(({ id, title }) => {
    const observation = observations[id];
    return observation ? [[title, `**${observation.verdict}** ${observation.said}`] as const] : [];
  });
  return { version, cells: new Map(cells) };
}

/** What the page says of each server, by its title; a server that no run has seen has no column. */
export function readColumns(text: string): ReadonlyMap<string, Column> {
  const rows = around(text)
    .inside.split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
  const columns = new Map<string, { version: string; cells: Map<string, string> }>();
  let heads: readonly string[] = [];
  for (const [first = '', ...others] of rows) {
    if (/^-+$/.test(first)) continue;
    if (groups.some(({ title }) => title === first)) {
      heads = others;
      continue;
    }
    others.forEach((cell, n) => {
      const [, title = '', version = ''] = /^(.*) (\S+)$/.exec(heads[n] ?? '') ?? [];
      const column = columns.get(title) ?? { version, cells: new Map() };
      columns.set(title, column);
      if (cell !== '') column.cells.set(first, cell);
    });
  }
  return columns;
}

/** The page with the tables of these columns between its markers, formatted. */
export async function withColumns(text: string, columns: ReadonlyMap<string, Column>): Promise<string> {
  const titles = servers.map(({ title }) => title).filter((title) => columns.has(title));
  const tables = groups.map((group) => {
    const head = [group.title, ...titles.map((title) => `${title} ${columns.get(title)?.version}`)];
    const rows = group.capabilities.map((capability) => [
      capability.title,
      ...titles.map((title) => columns.get(title)?.cells.get(capability.title) ?? ''),
    ]);
    return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  });
  const { before, after } = around(text);
  const made = `${before}\n\n${tables.join('\n\n')}\n\n${after}`;
  return format(made, { ...(await resolveConfig(page)), parser: 'markdown' });
}

/** Whether a cell is one that a run can have written. */
export const isObserved = (cell: string): boolean =>
  verdicts.some((verdict) => cell.startsWith(`**${verdict}** `)) && /\.$/.test(cell);

function around(text: string): { readonly before: string; readonly inside: string; readonly after: string } {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has lost its markers ${begin} and ${end}`);
  const start = from + begin.length;
  return { before: text.slice(0, start), inside: text.slice(start, to), after: text.slice(to) };
}
