import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { readExport } from '../../../ledger/export.ts';
import { hash, publicKey } from '../../../ledger/signed-checkpoint.ts';
import { verifyLedger } from '../../../ledger/verify.ts';
import { CommandFailed, type Report } from '../../output.ts';
import { say } from '../../printable.ts';

const trusted = z.object({ origin: z.string(), keys: z.array(publicKey).min(1) });

/**
 * `rescind ledger verify FILE --key KEY`: verifies an export with the public key, offline. `--known size:root` is
 * a checkpoint that was kept elsewhere: only that shows that entries at the end are missing.
 */
export async function verifyExport(
  file: string,
  options: { readonly key: string; readonly known?: string },
): Promise<Report> {
  const trust = readTrust(options.key);
  const known = options.known === undefined ? undefined : readKnown(options.known);
  const exported = await readExport(createInterface({ input: openFile(file) })).catch((error: unknown) => {
    const isUnreadable = error instanceof Error && 'code' in error;
    throw new CommandFailed(
      isUnreadable ? 'usage' : 'checkFailed',
      say`${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  const verdict = await verifyLedger(exported, { ...trust, known });
  const lines = verdict.ok
    ? [
        say`verified: ${verdict.size} entries, root ${verdict.root}${verdict.unsealed.length > 0 ? `; ${verdict.unsealed.length} more are not sealed yet` : ''}`,
      ]
    : verdict.problems.map(
        ({ kind, entry, says }) => say`${kind}: ${says}${entry ? ` (${entry.pk} ${entry.sk})` : ''}`,
      );
  return { result: verdict, lines, ends: verdict.ok ? 'done' : 'checkFailed' };
}

function readTrust(file: string) {
  try {
    return trusted.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error)
      throw new CommandFailed('usage', say`--key ${file} cannot be read: ${String(error.code)}`);
    throw new CommandFailed(
      'usage',
      say`--key ${file} is not what rescind ledger key printed: {"origin", "keys": [...]}`,
    );
  }
}

function readKnown(text: string) {
  const [, size = '', root = ''] = /^(\d+):(.+)$/.exec(text) ?? [];
  const parsed = hash.safeParse(root);
  if (!parsed.success)
    throw new CommandFailed('usage', say`--known ${text}: write <size>:<root>, the root as 64 hex digits`);
  return { size: Number(size), root: parsed.data };
}

function openFile(file: string) {
  const stream = createReadStream(file);
  // the reader of the lines reports the error; without a listener it would end the process first
  stream.on('error', () => {});
  return stream;
}
