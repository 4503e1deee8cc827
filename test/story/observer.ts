import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { StateChange } from '../../lib/domain/transaction/entry.ts';
import { sha256 } from '../../lib/wire/digest.ts';
import type { EventEnvelope } from '../cloud/services/events/events.ts';
import type { World } from '../cloud/world.ts';
import { changesSeen } from './changes-seen.ts';

/** What the local cloud's own recorder saw: none of it comes from the functions. Times are ms of the world's clock. */
export interface Observer {
  /** Arrival of the last PutEvents of a sender with this detail-type. */
  arrivedAt(detailType: string): number | undefined;
  /** Commit of the last change of an item whose name begins so, to this state. */
  committedAt(item: string, to?: string): number | undefined;
  /** Events that Rescind sent. */
  readonly sent: readonly EventEnvelope[];
  /** Holds the ledger against the state changes that the database saw; names the first difference. */
  compareLedger(): Promise<LedgerComparison>;
}

export interface LedgerComparison {
  readonly changes: number;
  readonly entries: number;
  /** Empty: 1:1. */
  readonly differences: readonly string[];
}

export function observe(world: World): Observer {
  const arrivals = new Map<string, number>();
  const seen: (StateChange & { readonly at: number })[] = [];
  const sent: EventEnvelope[] = [];
  world.events.onEvent((event, call) => {
    if (event.source === 'rescind') sent.push(event);
    else arrivals.set(event['detail-type'], call.arrivedAt);
  });
  world.dynamo.onCommit((changes) => {
    const at = world.clock.now();
    for (const change of changesSeen(changes)) seen.push({ ...change, at });
  });
  return {
    sent,
    arrivedAt: (detailType) => arrivals.get(detailType),
    committedAt: (item, to) =>
      seen.findLast((change) => change.item.startsWith(item) && (to === undefined || change.to === to))?.at,
    compareLedger: async () =>
      compare(seen, await world.dynamo.items(world.environment['RESCIND_LEDGER_TABLE'] ?? '')),
  };
}

type Items = Awaited<ReturnType<World['dynamo']['items']>>;

function compare(seen: readonly StateChange[], ledger: Items): LedgerComparison {
  const text = (item: Items[number], name: string): string => {
    const value = item[name];
    return value && 'S' in value && typeof value.S === 'string' ? value.S : '';
  };
  const entries = ledger.filter((item) => text(item, 'pk').startsWith('entry#'));
  const pending = new Set(
    ledger
      .filter((item) => text(item, 'pk').startsWith('pending#'))
      .map((item) => `${text(item, 'entry')} ${text(item, 'sk')}`),
  );
  const sealed = new Set(ledger.filter((item) => text(item, 'pk').startsWith('order#')).flatMap(orderedIn));
  const differences: string[] = [];
  const named = new Map<string, number>();
  const count = (change: StateChange, by: number) => {
    const key = `${change.item}: ${change.from} -> ${change.to}`;
    named.set(key, (named.get(key) ?? 0) + by);
  };
  for (const change of seen) count(change, 1);
  for (const entry of entries) {
    const body = text(entry, 'body');
    if (sha256(body) !== text(entry, 'digest'))
      differences.push(`entry ${text(entry, 'sk')} has another digest than its body`);
    const name = `${text(entry, 'pk')} ${text(entry, 'sk')}`;
    if (!pending.has(name) && !sealed.has(name))
      differences.push(`entry ${text(entry, 'sk')} waits for no seal`);
    const { changes } = JSON.parse(body) as { changes: StateChange[] };
    for (const change of changes) count(change, -1);
  }
  for (const [change, balance] of named) {
    if (balance > 0) differences.push(`no entry names ${change}`);
    if (balance < 0) differences.push(`an entry names ${change}, which the database did not see`);
  }
  return { changes: seen.length, entries: entries.length, differences };
}

/** The entries that an order row names. */
const orderedIn = (item: Items[number]): string[] => {
  const { entries } = unmarshall(item as Record<string, AttributeValue>) as {
    entries: { pk: string; sk: string }[];
  };
  return entries.map(({ pk, sk }) => `${pk} ${sk}`);
};
