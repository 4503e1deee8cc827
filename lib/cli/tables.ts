import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { cases } from '../aws/dynamodb/readers/cases.ts';
import { fences } from '../aws/dynamodb/readers/fences.ts';
import { inventory } from '../aws/dynamodb/readers/inventory.ts';
import { openWork } from '../aws/dynamodb/readers/open-work.ts';
import { registry } from '../aws/dynamodb/readers/registry.ts';
import { turns } from '../aws/dynamodb/readers/turns.ts';
import { rfc3339 } from '../flows/flow.ts';
import { given, required, requiredRegion } from './variables.ts';

/** Returns a client of DynamoDB in the account and region of the environment. */
export const dynamo = (): DynamoDBClient => new DynamoDBClient({ maxAttempts: 3, region: requiredRegion() });

/** The command line takes no turns, and needs no ids for them. */
const clock = { now: Date.now, newId: () => '', rfc3339 };

/** Opens tables that the environment names, for reading; each command opens the ones that it needs. */
export const openRegistry = () => {
  const { RESCIND_REGISTRY_TABLE: table } = required('RESCIND_REGISTRY_TABLE');
  return registry(dynamo(), table);
};

export const openCases = () => {
  const { RESCIND_CASES_TABLE: table } = required('RESCIND_CASES_TABLE');
  const client = dynamo();
  return { ...cases(client, table), work: openWork(client, table), ...turns(client, table, clock) };
};

export const openInventory = () => {
  const tables = required('RESCIND_REGISTRY_TABLE', 'RESCIND_FENCES_TABLE');
  return inventory(dynamo(), {
    registry: tables.RESCIND_REGISTRY_TABLE,
    fences: tables.RESCIND_FENCES_TABLE,
  });
};

/** Opens the table of fences; undefined if the environment does not name it. */
export const openFences = () => {
  const table = given('RESCIND_FENCES_TABLE');
  return table === undefined ? undefined : fences(dynamo(), table);
};
