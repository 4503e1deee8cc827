import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { cases } from '../aws/dynamodb/readers/cases.ts';
import { fences } from '../aws/dynamodb/readers/fences.ts';
import { inventory } from '../aws/dynamodb/readers/inventory.ts';
import { openWork } from '../aws/dynamodb/readers/open-work.ts';
import { registry } from '../aws/dynamodb/readers/registry.ts';
import { turns } from '../aws/dynamodb/readers/turns.ts';
import { rfc3339 } from '../flows/flow.ts';
import { given, required, requiredRegion } from './variables.ts';

/** DynamoDB as the environment names account and region. */
export const dynamo = (): DynamoDBClient => new DynamoDBClient({ maxAttempts: 3, region: requiredRegion() });

/** The command line takes no turn. */
const clock = { now: Date.now, newId: () => '', rfc3339 };

/** The tables that the environment names, to read; each command opens what it needs. */
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

/** Undefined where the environment does not name the table. */
export const openFences = () => {
  const table = given('RESCIND_FENCES_TABLE');
  return table === undefined ? undefined : fences(dynamo(), table);
};
