import { setImmediate as nextTurn } from 'node:timers/promises';
import { AwsError } from '../../../service.ts';
import { checkExpressions, checkRequest, readTable, requestTypes, runAction } from './dynalite.ts';
import type { Engine } from './engine.ts';
import type { TableInput } from './table.ts';
import { refusalName, tableExistsRefusal } from './refusals.ts';

/** Turns of the event loop after which a table that is not active will never be. */
const turnsMax = 10_000;

type TableAction = 'createTable' | 'deleteTable' | 'describeTable' | 'listTables';

interface TableRequest {
  readonly TableName?: string;
}

/** CreateTable, DeleteTable, DescribeTable and ListTables are dynalite's, on the world's clock. */
export async function manageTables(engine: Engine, action: TableAction, input: object): Promise<object> {
  const request = checkRequest<TableRequest>(input, requestTypes(action), engine.store);
  checkExpressions(action, request, engine.store);
  const name = request.TableName ?? '';
  try {
    const answer = await runAction<{ TableDescription?: Record<string, unknown> }>(
      action,
      engine.store,
      request,
    );
    if (action === 'deleteTable') engine.log.forget(name);
    // dynalite keeps this very object until the table is active, then stores it again
    if (action === 'createTable' && answer.TableDescription)
      answer.TableDescription['CreationDateTime'] = engine.clock.now() / 1000;
    return answer;
  } catch (error) {
    const exists = error instanceof AwsError && refusalName(error) === 'ResourceInUseException';
    if (action === 'createTable' && exists) throw tableExistsRefusal(name);
    throw error;
  }
}

/** Creates a table, on demand unless `input` says otherwise, and resolves when it is active. */
export async function createActiveTable(engine: Engine, input: TableInput): Promise<void> {
  const name = input.TableName;
  await manageTables(engine, 'createTable', { BillingMode: 'PAY_PER_REQUEST', ...input });
  for (let turn = 0; turn < turnsMax; turn += 1) {
    try {
      if ((await readTable(engine.store, name)).TableStatus === 'ACTIVE') return;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
    }
    await nextTurn();
  }
  throw new Error(`table ${name} did not become active`);
}
