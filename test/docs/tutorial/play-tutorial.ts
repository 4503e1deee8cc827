import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { exportLines } from '../../story/serve.ts';
import type { Stage } from '../../story/stage.ts';
import { runLine } from './run-line.ts';

/** A line that lets time pass, for the world and for the reader. */
const later = '# a minute later';

/** Ids that a world makes anew each time: in a command, the one that was shown last takes the place of the one in the page. */
const made = /(partner\/birch\/)[0-9A-Z]{26}/g;

/** The page with every `console` block as this world answers it now; commands and comments stay as they are. */
export async function playTutorial(page: string, stage: Stage): Promise<string> {
  const environment = Object.fromEntries(
    exportLines(stage).flatMap((line) => {
      const [, name, quoted, bare] = /^export (\w+)=(?:'(.*)'|(.*))$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, quoted ?? bare ?? '']];
    }),
  );
  const folder = mkdtempSync(join(tmpdir(), 'rescind-tutorial-'));
  const parts = page.split(/(?<=```console\n)([\s\S]*?)(?=```\n)/);
  let last: string | undefined;
  try {
    for (let index = 1; index < parts.length; index += 2) {
      const lines: string[] = [];
      for (const line of (parts[index] ?? '').split('\n')) {
        if (line === later) {
          lines.push(line);
          await stage.world.clock.advance(61_000);
          await stage.world.settle();
        }
        if (!line.startsWith('$ ')) continue;
        const command = line.replace(made, (id, prefix: string) => (last ? `${prefix}${last}` : id));
        const shown = await runLine(command.slice(2), environment, (path) => join(folder, basename(path)));
        lines.push(command, ...shown.replaceAll(`${folder}/`, '/tmp/').trimEnd().split('\n'));
        last = [...shown.matchAll(made)].at(-1)?.[0].split('/').at(-1) ?? last;
      }
      parts[index] = `${lines.join('\n')}\n`;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return parts.join('');
}

/**
 * The same text for two worlds that did the same: without what each world makes anew. Rows are sorted by ids that are made anew, so
 * the lines of a block are sorted.
 */
export const steady = (page: string): string =>
  page
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID')
    .replace(/fp-[0-9a-f]{64}/g, 'fp-HASH')
    .replace(/fp-[0-9a-f]{12}…/g, 'fp-HASH…')
    .replace(/[0-9a-f]{64}/g, 'HASH')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replace(/\b01[0-9A-Z]{24}\b/g, 'ULID')
    .replace(/[\w-]{43}/g, 'THUMBPRINT')
    .replace(/\b\d+ (entries|messages)/g, 'N $1')
    // how often a case is looked at while it is worked depends on the machine
    .replace(/^case (open|planning|working)[:,].*\n/gm, '')
    // columns are as wide as what is in them
    .replace(/ {2,}/g, '  ')
    .replace(/(?<=```console\n)[\s\S]*?(?=```)/g, (block) => block.split('\n').toSorted().join('\n'));
