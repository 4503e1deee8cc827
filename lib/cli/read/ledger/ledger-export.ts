import { exportLedger } from '../../../ledger/export.ts';
import { ledgerIdentity, openLedger } from '../../ledger.ts';

/** `rescind ledger export`: the whole ledger as JSON lines on stdout, in a form that could have been at rest. */
export async function writeExport(): Promise<void> {
  const ledger = openLedger();
  for await (const line of exportLedger(ledger, await ledgerIdentity())) {
    const written = process.stdout.write(`${JSON.stringify(line)}\n`);
    if (!written) await new Promise((done) => process.stdout.once('drain', done));
  }
}

/** `rescind ledger key`: the public key that checkpoints are signed with, for the auditor to keep. */
export async function printLedgerKey(): Promise<void> {
  process.stdout.write(`${JSON.stringify(await ledgerIdentity())}\n`);
}
