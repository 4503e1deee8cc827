import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { dynamoDb, eventBridge } from './clients.ts';
import { cases } from './dynamodb/readers/cases.ts';
import { fences } from './dynamodb/readers/fences.ts';
import { registry } from './dynamodb/readers/registry.ts';
import { tablesFrom } from './dynamodb/tables.ts';
import { createMeter } from './lambda/meter.ts';
import { outbox } from './outbox.ts';
import { recorder } from './recorder.ts';

/** The environment of a function that writes facts. A function that reads and writes no fences has no fences table. */
interface RecordingEnvironment {
  readonly RESCIND_REGISTRY_TABLE: string;
  readonly RESCIND_FENCES_TABLE?: string;
  readonly RESCIND_CASES_TABLE: string;
  readonly RESCIND_LEDGER_TABLE: string;
  readonly RESCIND_BUS: string;
  readonly RESCIND_STAGE: string;
}

/**
 * Opens the tables of a function that writes facts: one DynamoDB client, the flow context through which every change is committed,
 * and a reader for each table, which is made when it is called for. A reader throws where the environment does not name its table.
 */
export function openTables(env: RecordingEnvironment) {
  const dynamo: DynamoDBClient = dynamoDb();
  const events: EventBridgeClient = eventBridge();
  const { measure, metered } = createMeter(env.RESCIND_STAGE);
  const tables = tablesFrom({
    registry: env.RESCIND_REGISTRY_TABLE,
    cases: env.RESCIND_CASES_TABLE,
    ledger: env.RESCIND_LEDGER_TABLE,
    ...(env.RESCIND_FENCES_TABLE !== undefined && { fences: env.RESCIND_FENCES_TABLE }),
  });
  return {
    dynamo,
    recorder: recorder(dynamo, tables, outbox(dynamo, tables.cases, events, env.RESCIND_BUS), measure),
    measure,
    metered,
    registry: () => registry(dynamo, tables.registry),
    cases: () => cases(dynamo, tables.cases),
    fences: () => fences(dynamo, tables.fences),
  };
}
