import { exportLedger } from '../../../ledger/export.ts';
import { ledgerIdentity, openLedger } from '../../ledger.ts';

/** `rescind ledger export`: the whole ledger as JSON lines on stdout, consistent although entries are added meanwhile. */
export async function writeExport(): Promise<void> {
  const ledger = openLedger();
  for await (const line of exportLedger(ledger, await ledgerIdentity())) {
    const written = process.stdout.write(`${JSON.stringify(line)}\n`);
    if (!written) await new Promise((done) => process.stdout.once('drain', done));
  }
}

/** `rescind ledger key`: the public key of the checkpoints, for the auditor to keep. */
export async function printLedgerKey(): Promise<void> {
  process.stdout.write(`${JSON.stringify(await ledgerIdentity())}\n`);
}
