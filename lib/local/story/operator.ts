import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { cases } from '../../aws/dynamodb/cases.ts';
import { committer } from '../../aws/dynamodb/commit.ts';
import { registry } from '../../aws/dynamodb/registry.ts';
import { newId } from '../../aws/runtime.ts';
import type { Log } from '../../flows/flow.ts';
import { place } from '../services.ts';
import type { World } from '../world.ts';

/** SDK settings of one named caller of the local cloud. */
export const callerOf = (world: World, name: string) => ({
  endpoint: world.gateway.endpoint,
  region: place.region,
  credentials: world.admit(name),
});

export const eventsOf = (world: World, name: string): EventBridgeClient =>
  new EventBridgeClient(callerOf(world, name));

const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** What the operator of the played world holds in hand: the tables, read strongly, and the way to write them. */
export function operatorOf(world: World) {
  const dynamo = new DynamoDBClient(callerOf(world, 'operator'));
  const table = (name: string): string => world.environment[`RESCIND_${name}_TABLE`] ?? '';
  const tables = {
    registry: table('REGISTRY'),
    fences: table('FENCES'),
    cases: table('CASES'),
    ledger: table('LEDGER'),
  };
  return {
    ...registry(dynamo, tables.registry),
    ...cases(dynamo, tables.cases),
    commit: committer(dynamo, tables),
    now: () => world.clock.now(),
    newId,
    log: silent,
  };
}
