import { KMSClient } from '@aws-sdk/client-kms';
import { ledgerReads } from '../aws/dynamodb/readers/ledger.ts';
import { kmsSigner } from '../aws/signing.ts';
import { dynamo } from './tables.ts';
import { required, requiredRegion } from './variables.ts';

/** Opens the ledger that the environment names, for reading. */
export function openLedger() {
  const { RESCIND_LEDGER_TABLE: table } = required('RESCIND_LEDGER_TABLE');
  return ledgerReads(dynamo(), table);
}

/** Reads name and public key of that ledger. */
export async function ledgerIdentity() {
  const { RESCIND_LEDGER_KEY: key, RESCIND_LEDGER_ORIGIN: origin } = required(
    'RESCIND_LEDGER_KEY',
    'RESCIND_LEDGER_ORIGIN',
  );
  const signer = kmsSigner(new KMSClient({ maxAttempts: 3, region: requiredRegion() }), key);
  return { origin, keys: [await signer.publicKey()] };
}
