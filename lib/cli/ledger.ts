import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { ledgerReads } from '../aws/dynamodb/ledger.ts';
import { kmsSigner } from '../aws/signing.ts';
import { environment } from '../wire/environment.ts';
import { CommandFailed } from './output.ts';

type Variable = 'RESCIND_LEDGER_TABLE' | 'RESCIND_LEDGER_KEY' | 'RESCIND_LEDGER_ORIGIN';

/** One variable of the environment; the outputs of the stack bear the same names. */
function required(name: Variable): string {
  const parsed = environment.shape[name].safeParse(process.env[name]);
  if (parsed.success) return parsed.data;
  throw new CommandFailed(
    'usage',
    `set ${name}: the outputs of the stack bear the same names, as RescindLedgerTable`,
  );
}

/** The ledger of the environment, to read. */
export const openLedger = () =>
  ledgerReads(new DynamoDBClient({ maxAttempts: 3 }), required('RESCIND_LEDGER_TABLE'));

/** Name and public key of that ledger. */
export async function ledgerIdentity() {
  const signer = kmsSigner(new KMSClient({ maxAttempts: 3 }), required('RESCIND_LEDGER_KEY'));
  return { origin: required('RESCIND_LEDGER_ORIGIN'), keys: [await signer.publicKey()] };
}
