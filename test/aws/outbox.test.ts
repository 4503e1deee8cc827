import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeEach, beforeAll, describe, expect, it } from 'vitest';
import { outbox } from '../../lib/aws/outbox.ts';
import { outboxShards } from '../../lib/domain/limits.ts';
import type { QueuedEvent } from '../../lib/domain/transaction/write.ts';
import type { LocalService } from '../cloud/service.ts';
import { at } from '../domain/objects.ts';
import { freshCase } from './rows.ts';
import { fresh, startTables, tables, type World } from './world.ts';

interface Entry {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

/** A bus that stores what it takes and refuses the ids it is told to. */
const bus = {
  taken: [] as Entry[],
  sizes: [] as number[],
  refuses: new Set<string>(),
};
const service: LocalService = {
  name: 'events',
  target: 'AWSEvents',
  contentType: 'application/x-amz-json-1.1',
  operations: {
    PutEvents: async (input) => {
      const entries = input['Entries'] as Entry[];
      bus.sizes.push(entries.length);
      const Entries = entries.map((entry) => {
        if (bus.refuses.has(idOf(entry))) return { ErrorCode: 'ThrottlingException', ErrorMessage: 'busy' };
        bus.taken.push(entry);
        return { EventId: fresh('bus') };
      });
      return { FailedEntryCount: Entries.filter((entry) => 'ErrorCode' in entry).length, Entries };
    },
  },
};
const idOf = ({ Detail }: Entry) => (JSON.parse(Detail) as { id: string }).id;

let world: World;
let box: ReturnType<typeof outbox>;
beforeAll(async () => {
  world = await startTables();
  world.add(service);
  box = outbox(world.client, tables.cases, new EventBridgeClient(world.settings), 'rescind-bus');
});
afterAll(() => world.close());
beforeEach(async () => {
  bus.refuses.clear();
  bus.taken.length = 0;
  bus.sizes.length = 0;
});

const event = (): QueuedEvent => ({
  id: fresh('event'),
  type: 'Credential Revoked',
  detail: { case: freshCase().id, credentials: [], at },
});

async function queued(count: number): Promise<QueuedEvent[]> {
  const events = Array.from({ length: count }, event);
  await world.given(...events.map((one) => ({ kind: 'queue-event', event: one }) as const));
  return events;
}

async function waiting(): Promise<string[]> {
  const shards = Array.from({ length: outboxShards }, (_, shard) => box.waiting(shard, 50));
  return (await Promise.all(shards)).flat().map(({ id }) => id);
}

describe('the outbox', () => {
  it('keeps an event as it was queued until the bus has it', async () => {
    const [one] = await queued(1);
    const shards = Array.from({ length: outboxShards }, (_, shard) => box.waiting(shard, 50));
    expect((await Promise.all(shards)).flat()).toEqual([one]);
    await box.send([one as QueuedEvent]);
    expect(await waiting()).toEqual([]);
  });

  it('tells the bus who speaks, what happened, and its version and id', async () => {
    const [one] = await queued(1);
    await box.send([one as QueuedEvent]);
    expect(bus.taken).toMatchObject([
      { EventBusName: 'rescind-bus', Source: 'rescind', DetailType: 'Credential Revoked' },
    ]);
    expect(JSON.parse(bus.taken[0]?.Detail ?? '')).toEqual({ version: 1, id: one?.id, ...one?.detail });
  });

  it('hands over at most ten at a time', async () => {
    const events = await queued(23);
    expect(await box.send(events)).toBe(23);
    expect(bus.sizes).toEqual([10, 10, 3]);
    expect(await waiting()).toEqual([]);
  });

  // PutEvents answers 200 with failed entries inside.
  it('keeps exactly those that the bus refused', async () => {
    const events = await queued(12);
    const refused = [events[0]?.id ?? '', events[11]?.id ?? ''];
    for (const id of refused) bus.refuses.add(id);
    expect(await box.send(events)).toBe(10);
    expect((await waiting()).sort()).toEqual([...refused].sort());
    bus.refuses.clear();
    expect(await box.send(events.filter(({ id }) => refused.includes(id)))).toBe(2);
    expect(await waiting()).toEqual([]);
  });

  it('keeps all when the bus cannot be reached', async () => {
    const events = await queued(2);
    const stop = world.gateway.use((call, next) =>
      call.service === 'events' ? Promise.reject(new Error('down')) : next(),
    );
    await expect(box.send(events)).rejects.toThrow('down');
    stop();
    expect((await waiting()).sort()).toEqual(events.map(({ id }) => id).sort());
    await box.send(events);
  });

  it('gives no more than it was asked for', async () => {
    const events = await queued(20);
    for (let shard = 0; shard < outboxShards; shard += 1)
      expect((await box.waiting(shard, 2)).length).toBeLessThanOrEqual(2);
    await box.send(events);
  });

  it('may be told to send what is no longer there', async () => {
    expect(await box.send([event()])).toBe(1);
    expect(await box.send([])).toBe(0);
  });
});
