import type { Directory, SecretFacts, TableFacts } from './language/authorization.ts';
import { account, region } from './language/statements.ts';

const here = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;

export const customerKey = here('kms', 'key/customer');
export const ledgerKey = here('kms', 'key/ledger');
export const casesTable = here('dynamodb', 'table/Cases');
export const openTable = here('dynamodb', 'table/Open');
export const secretArn = here('secretsmanager', 'secret:rescind/client/acme/key-a1b2c3');
export const rotator = here('lambda', 'function:rotate-secret');
export const plansQueue = here('sqs', 'plans');
export const lockedQueue = here('sqs', 'locked');
export const queueUrl = (name: string) => `http://127.0.0.1:4000/${account}/${name}`;

const tables: Readonly<Record<string, TableFacts>> = {
  Cases: {
    arn: casesTable,
    partitionKey: 'pk',
    indexes: new Map([['due', 'dueShard']]),
    keyArn: customerKey,
  },
  Open: { arn: openTable, partitionKey: 'number', indexes: new Map() },
};
const secrets: Readonly<Record<string, SecretFacts>> = {
  'rescind/client/acme/key': { arn: secretArn, keyArn: customerKey, rotationFunctionArn: rotator },
  plain: { arn: here('secretsmanager', 'secret:plain-d4e5f6') },
};
const keys: Readonly<Record<string, string>> = { 'alias/ledger': ledgerKey, ledger: ledgerKey };

/** A small cloud: a table and a queue under the customer's key, one of each without, two secrets, a key with an alias. */
export const directory: Directory = {
  account,
  region,
  table: (name) => tables[name.replace(/^arn:.*:table\//, '')],
  secret: (id) =>
    secrets[id] ?? Object.values(secrets).find(({ arn }) => arn === id || arn.slice(0, -7) === id),
  keyArn: (id) => keys[id] ?? keys[id.replace(/^arn:.*:(?=alias\/)/, '')],
  keyOfQueue: (arn) => (arn === lockedQueue ? customerKey : undefined),
};
