import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { cases } from '../aws/dynamodb/cases.ts';
import { registry } from '../aws/dynamodb/registry.ts';
import { environment } from '../wire/environment.ts';
import { CommandFailed } from './output.ts';

const needed = environment.pick({ RESCIND_REGISTRY_TABLE: true, RESCIND_CASES_TABLE: true });

/** The tables that the environment names, to read. */
export function openTables() {
  const parsed = needed.safeParse(process.env);
  if (!parsed.success) {
    const missing = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
    throw new CommandFailed(
      'usage',
      `set ${missing}: the outputs of the stack bear the same names, as RescindCasesTable`,
    );
  }
  if (!process.env['AWS_REGION'] && !process.env['AWS_DEFAULT_REGION'])
    throw new CommandFailed('usage', 'set AWS_REGION: the region that the stack is deployed in');
  const { RESCIND_REGISTRY_TABLE, RESCIND_CASES_TABLE } = parsed.data;
  const dynamo = new DynamoDBClient({ maxAttempts: 3 });
  return { ...registry(dynamo, RESCIND_REGISTRY_TABLE), ...cases(dynamo, RESCIND_CASES_TABLE) };
}
