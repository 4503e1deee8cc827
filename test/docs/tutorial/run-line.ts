import { readFileSync, writeFileSync } from 'node:fs';
import { runCommand } from '../../../lib/cli/program.ts';

/** Words of a shell line; what stands in single quotes is one word. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''));

/**
 * Runs one line of the tutorial as a shell would, with `rescind` in this process: `NAME=value` before a command, `;` between
 * commands, `> file` after one. Files go where `fileAt` says. Gives what a terminal would show.
 */
export async function runLine(
  line: string,
  environment: Readonly<Record<string, string>>,
  fileAt: (path: string) => string,
): Promise<string> {
  let shown = '';
  for (const part of line.split(';')) {
    const [command = '', target] = part.split('>').map((text) => text.trim());
    const words = wordsOf(command).map((word) => (word.startsWith('/tmp/') ? fileAt(word) : word));
    const given = words.filter((word) => /^[A-Z_]+=/.test(word)).map((word) => word.split('=', 2));
    const [program, ...args] = words.slice(given.length);
    if (program !== 'rescind') throw new Error(`the tutorial runs rescind alone, not ${program}: ${line}`);
    let out = '';
    const restore = target === undefined ? () => {} : hearStdout((text) => void (out += text));
    await withEnvironment({ ...environment, ...(Object.fromEntries(given) as Record<string, string>) }, () =>
      runCommand(args, {
        out: (text) => void (target === undefined ? (shown += text) : (out += text)),
        err: (text) => void (shown += text),
      }),
    );
    restore();
    if (target !== undefined) writeFileSync(fileAt(target), out);
  }
  return shown;
}

/** The ledger is long and leaves by `process.stdout`, line by line. Gives what ends the listening. */
function hearStdout(hear: (text: string) => void): () => void {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = ((text: string) => {
    hear(text);
    return true;
  }) as typeof process.stdout.write;
  return () => void (process.stdout.write = write);
}

async function withEnvironment(values: Readonly<Record<string, string>>, run: () => Promise<unknown>) {
  const before = { ...process.env };
  Object.assign(process.env, values);
  try {
    await run();
  } finally {
    process.env = before;
  }
}

export const readPage = (path: string): string => readFileSync(path, 'utf8');
