import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { monotonicFactory } from 'ulid';
import { cases } from '../../lib/aws/dynamodb/readers/cases.ts';
import { fences } from '../../lib/aws/dynamodb/readers/fences.ts';
import { registry } from '../../lib/aws/dynamodb/readers/registry.ts';
import { createOperateClient } from '../../lib/cli/operate-client.ts';
import type { OperateAnswer, OperateMessage } from '../../lib/wire/operate.ts';
import { place } from '../cloud/services.ts';
import type { World } from '../cloud/world.ts';
import { type OperatorName, operators } from './cast.ts';

/** SDK settings of one named caller of the local cloud. */
export const callerOf = (world: World, name: string) => ({
  endpoint: world.gateway.endpoint,
  region: place.region,
  credentials: world.admit(name),
});

/** The role by which a system announces under a source; the settings list the two together. */
export const roleOf = (source: string): string => source.replaceAll('.', '-');

/** For each source a client that speaks by the role listed for it. */
export function eventsOf(world: World): (source: string) => EventBridgeClient {
  const clients = new Map<string, EventBridgeClient>();
  return (source) => {
    const client =
      clients.get(source) ??
      new EventBridgeClient({ ...callerOf(world, 'bank'), credentials: world.admitRole(roleOf(source)) });
    clients.set(source, client);
    return client;
  };
}

/** What the audience of the played world looks at: the tables, read strongly. */
export function tablesOf(world: World) {
  const dynamo = new DynamoDBClient(callerOf(world, 'audience'));
  const table = (name: string): string => world.environment[`RESCIND_${name}_TABLE`] ?? '';
  return {
    ...registry(dynamo, table('REGISTRY')),
    ...cases(dynamo, table('CASES')),
    ...fences(dynamo, table('FENCES')),
  };
}

/** An operator gives an order at the door, signed with their own keys, as `rescind` does. */
export type Order = (by: OperatorName, message: OperateMessage) => Promise<OperateAnswer>;

export function ordersOf(world: World): Order {
  const url = world.environment['RESCIND_OPERATE_URL'] ?? '';
  const doors = new Map(
    operators.map((name) => [
      name,
      createOperateClient({ url, region: place.region, credentials: world.admit(name) }),
    ]),
  );
  return (by, message) => {
    const door = doors.get(by);
    if (!door) throw new Error(`nobody here is called ${by}`);
    return door.send(message);
  };
}

/** Gives the order again under a fresh id each time; a refusal is an error of the story. */
export async function ordered<Kind extends OperateAnswer['kind']>(
  kind: Kind,
  answer: Promise<OperateAnswer>,
): Promise<Extract<OperateAnswer, { readonly kind: Kind }>> {
  const given = await answer;
  if (given.kind !== kind)
    throw new Error(
      `the door answered ${given.kind} in place of ${kind}${given.kind === 'refused' ? `: ${given.reason}` : ''}`,
    );
  return given as Extract<OperateAnswer, { readonly kind: Kind }>;
}

/** Ids of orders: each newer than the last, also within a millisecond. */
export const request: () => string = monotonicFactory();
