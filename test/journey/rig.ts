import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import * as z from 'zod';
import { authorityId, credentialId } from '../../lib/domain/ids.ts';
import type { World } from '../cloud/world.ts';
import { eventsOf } from '../story/operator.ts';
import type { Stage } from '../story/stage.ts';

// What several suites ask of a world that stands: its rows, entries and queues, read past its services and their policies.

export type TableName = 'REGISTRY' | 'FENCES' | 'CASES' | 'LEDGER';

/** The one resource of a type whose logical id begins so. Throws where there is none, or more. */
export function resourceOf({ stack }: Pick<World, 'stack'>, type: string, like: string) {
  const [found, ...others] = stack.of(type).filter(({ logicalId }) => logicalId.startsWith(like));
  if (!found || others.length > 0)
    throw new Error(`${others.length + (found ? 1 : 0)} ${type} begin with ${like}`);
  return found;
}

export const queueArn = (world: Pick<World, 'stack'>, name: string): string =>
  resourceOf(world, 'AWS::SQS::Queue', `${name}Queue`).arn;

/** The messages of a queue, also those that somebody works at. */
export const messagesIn = (world: Pick<World, 'stack' | 'sqs'>, name: string) =>
  world.sqs.inspect(queueArn(world, name)).messages;

const refusal = z.object({ code: z.string(), reason: z.string(), digest: z.string() });

/** What intake refused, in the order in which it did. */
export const rejectedIn = (world: Pick<World, 'stack' | 'sqs'>) =>
  messagesIn(world, 'Rejected').map(({ body }) => refusal.parse(JSON.parse(body)));

export const itemsOf = ({ dynamo, environment }: Pick<World, 'dynamo' | 'environment'>, table: TableName) =>
  dynamo.items(environment[`RESCIND_${table}_TABLE`] ?? '');

/** Every row but the ledger's, as JSON, sorted. */
export async function rowsOf(world: Pick<World, 'dynamo' | 'environment'>): Promise<readonly string[]> {
  const items = await Promise.all(
    (['REGISTRY', 'FENCES', 'CASES'] as const).map((table) => itemsOf(world, table)),
  );
  return items
    .flat()
    .map((item) => JSON.stringify(item))
    .toSorted();
}

const entry = z.looseObject({
  kind: z.string(),
  subject: z.string(),
  case: z.string().optional(),
  facts: z.looseObject({
    code: z.string().optional(),
    reason: z.string().optional(),
    digest: z.string().optional(),
  }),
  changes: z.array(z.unknown()),
});

/** The ledger's entries of a kind. @default of every kind */
export async function entriesOf(world: Pick<World, 'dynamo' | 'environment'>, kind?: string) {
  const bodies = (await itemsOf(world, 'LEDGER')).flatMap((item) => {
    const { body } = item as { readonly body?: { readonly S?: string } };
    return body?.S === undefined ? [] : [body.S];
  });
  return bodies
    .map((body) => entry.parse(JSON.parse(body)))
    .filter((one) => kind === undefined || one.kind === kind);
}

/** Announces under a source, by the role that is listed for it, and waits for what comes of it. Throws where the bus refuses it. */
export async function announce(
  world: World,
  { source, type, detail }: { readonly source: string; readonly type: string; readonly detail: object },
): Promise<void> {
  const EventBusName = world.environment['RESCIND_BUS'] ?? '';
  const Entries = [{ EventBusName, Source: source, DetailType: type, Detail: JSON.stringify(detail) }];
  const { FailedEntryCount } = await eventsOf(world)(source).send(new PutEventsCommand({ Entries }));
  if (FailedEntryCount !== 0) throw new Error(`the bus refused ${type} of ${source}`);
  if (!(await world.settle())) throw new Error(`the world did not come to rest after ${type}`);
}

/** How a credential of the bank's server stands. */
export const stateOfToken = async ({ tables }: Pick<Stage, 'tables'>, id: string) =>
  (await tables.credentials.find({ authority: authorityId('bank'), id: credentialId(id) }))?.state;
