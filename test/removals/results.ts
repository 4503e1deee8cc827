import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { templateFile } from './find-statements.ts';
import type { Verdict } from './judge.ts';

/** Verdicts in a file, one a line, written as they come: a run that is interrupted goes on from it. */
export interface Results {
  find(key: string): Verdict | undefined;
  add(verdict: Verdict): void;
}

/**
 * Opens a file of results, or begins it. What had no verdict is tried again. Throws where the file is of another template: its
 * verdicts would be about other statements.
 */
export function openResults(file: string, assembly: string): Results {
  const template = createHash('sha256')
    .update(readFileSync(join(assembly, templateFile)))
    .digest('hex');
  if (!existsSync(file)) writeFileSync(file, `${JSON.stringify({ template })}\n`);
  const [first = '', ...lines] = readFileSync(file, 'utf8').split('\n');
  const of = (JSON.parse(first || '{}') as { template?: string }).template;
  if (of !== template)
    throw new Error(
      `${file} holds results of another template (sha256 ${of ?? 'unknown'}, this one ${template}). Take another file, or none.`,
    );
  const verdicts = lines.flatMap(readLine);
  const known = new Map(verdicts.map((verdict) => [verdict.key, verdict]));
  return {
    find: (key) => known.get(key),
    add: (verdict) => {
      known.set(verdict.key, verdict);
      appendFileSync(file, `${JSON.stringify(verdict)}\n`);
    },
  };
}

function readLine(line: string): readonly Verdict[] {
  try {
    const verdict = JSON.parse(line) as Verdict;
    return verdict.outcome === 'no-verdict' ? [] : [verdict];
  } catch {
    // a run that was ended may have left half a line: that one is tried again
    return [];
  }
}
