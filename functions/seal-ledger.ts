import { kms, dynamoDb } from '../lib/aws/clients.ts';
import { sealedLedger } from '../lib/aws/dynamodb/readers/ledger.ts';
import { log, logged } from '../lib/aws/lambda/log.ts';
import { now, readEnvironment } from '../lib/aws/lambda/runtime.ts';
import { kmsSigner } from '../lib/aws/signing.ts';
import { sealLedger } from '../lib/flows/sweeps/seal-ledger.ts';
import { environmentOf } from '../lib/wire/environment.ts';

const env = readEnvironment(environmentOf['seal-ledger']);
const deps = {
  ledger: sealedLedger(dynamoDb(), env.RESCIND_LEDGER_TABLE),
  signer: kmsSigner(kms(), env.RESCIND_LEDGER_KEY),
  origin: env.RESCIND_LEDGER_ORIGIN,
  now,
  log,
};

export const handler = logged(() => sealLedger(deps));
