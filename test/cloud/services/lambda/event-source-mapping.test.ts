import { afterEach, describe, expect, it } from 'vitest';
import { Clock } from '../../clock.ts';
import { createMapping, type Mapping, type MappingSettings } from './event-source-mapping.ts';
import type { Invocation } from './lambda.ts';
import { MemoryQueue } from './memory-queue.ts';
import { newWorld, until } from './rig.ts';

const queueArn = 'arn:aws:sqs:eu-west-1:000000000000:signals';
const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:take-signal';

interface SqsEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

const mappings: Mapping[] = [];
afterEach(async () => {
  await Promise.allSettled(mappings.splice(0).map((mapping) => mapping.stop()));
});

type Answer = (event: SqsEvent) => Promise<Invocation>;

function map(queue: MemoryQueue, answer: Answer, settings: Partial<MappingSettings> = {}) {
  const events: SqsEvent[] = [];
  const lambda = {
    invoke: async (arn: string, payload: unknown) => {
      expect(arn).toBe(functionArn);
      events.push(payload as SqsEvent);
      return answer(payload as SqsEvent);
    },
  };
  const mapping = createMapping({
    lambda,
    source: queue,
    functionArn,
    queueArn,
    batchSize: 10,
    reportBatchItemFailures: true,
    concurrency: 1,
    ...settings,
  });
  mappings.push(mapping);
  return { mapping, events };
}

const payload =
  (value: unknown): Answer =>
  () =>
    Promise.resolve({ ok: true, payload: value });

describe('an event source mapping', () => {
  it('hands messages on in the shape of an SQS event and deletes them', async () => {
    const queue = new MemoryQueue();
    queue.send('one');
    const { mapping, events } = map(queue, payload({ batchItemFailures: [] }));
    await until(() => queue.deleted.length === 1);
    await mapping.idle();
    expect(JSON.parse(JSON.stringify(events))).toEqual([
      {
        Records: [
          {
            messageId: 'id-of-one',
            receiptHandle: 'handle-of-one',
            body: 'one',
            attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1700000000000' },
            messageAttributes: {
              kind: { stringValue: 'signal', stringListValues: [], binaryListValues: [], dataType: 'String' },
            },
            md5OfBody: 'md5-of-one',
            eventSource: 'aws:sqs',
            eventSourceARN: queueArn,
            awsRegion: 'eu-west-1',
          },
        ],
      },
    ]);
    expect(queue.deleted).toEqual(['handle-of-one']);
  });

  it('leaves the reported messages to their visibility timeout and takes them again after it', async () => {
    const queue = new MemoryQueue();
    queue.send('good', 'bad');
    let failing = true;
    const { mapping, events } = map(queue, async () => ({
      ok: true,
      payload: { batchItemFailures: failing ? [{ itemIdentifier: 'id-of-bad' }] : [] },
    }));
    await until(() => queue.deleted.length === 1);
    await mapping.idle();
    expect([queue.deleted, queue.hidden]).toEqual([['handle-of-good'], ['handle-of-bad']]);
    failing = false;
    queue.show();
    await until(() => queue.deleted.length === 2);
    expect(events.map(({ Records }) => Records.map(({ body }) => body))).toEqual([['good', 'bad'], ['bad']]);
  });

  it.each<readonly [string, Partial<MappingSettings>, Answer]>([
    ['the function failed', {}, async () => ({ ok: false, error: { errorType: 'Error', errorMessage: '' } })],
    [
      'the function failed, and reports no single failures',
      { reportBatchItemFailures: false },
      async () => ({ ok: false, error: { errorType: 'Error', errorMessage: '' } }),
    ],
    ['it named a message of no batch', {}, payload({ batchItemFailures: [{ itemIdentifier: 'unknown' }] })],
  ])('deletes nothing where %s', async (_, settings, answer) => {
    const queue = new MemoryQueue();
    queue.send('one', 'two');
    const { mapping, events } = map(queue, answer, settings);
    await until(() => events.length === 1);
    await mapping.idle();
    expect([queue.deleted, queue.hidden]).toEqual([[], ['handle-of-one', 'handle-of-two']]);
  });

  it('does not read the answer where it does not report batch item failures', async () => {
    const queue = new MemoryQueue();
    queue.send('one');
    const answer = payload({ batchItemFailures: [{ itemIdentifier: 'id-of-one' }] });
    map(queue, answer, { reportBatchItemFailures: false });
    await until(() => queue.deleted.length === 1);
    expect(queue.hidden).toEqual([]);
  });

  it('never hands on more than its batch size, and works on as many batches as it may', async () => {
    const queue = new MemoryQueue();
    queue.send('1', '2', '3', '4', '5');
    let running = 0;
    let most = 0;
    const { mapping, events } = map(
      queue,
      async () => {
        most = Math.max(most, (running += 1));
        await new Promise((done) => setTimeout(done, 10));
        running -= 1;
        return { ok: true, payload: null };
      },
      { batchSize: 2, concurrency: 2 },
    );
    await until(() => queue.deleted.length === 5);
    await mapping.idle();
    expect(events.map(({ Records }) => Records.length)).toEqual([2, 2, 1]);
    expect(most).toBe(2);
  });

  it('is idle only when the batch in flight is done', async () => {
    const queue = new MemoryQueue();
    let release = (): void => {};
    const gate = new Promise<void>((done) => (release = done));
    const { mapping } = map(queue, async () => {
      await gate;
      return { ok: true, payload: null };
    });
    await mapping.idle();
    queue.send('one');
    let idle = false;
    const waiting = mapping.idle().then(() => (idle = true));
    await new Promise((done) => setTimeout(done, 20));
    expect(idle).toBe(false);
    release();
    await waiting;
    expect(queue.deleted).toEqual(['handle-of-one']);
  });

  it('finishes what is in flight when it is stopped, and takes nothing new', async () => {
    const queue = new MemoryQueue();
    queue.send('one');
    const { mapping, events } = map(queue, async () => {
      await new Promise((done) => setTimeout(done, 20));
      return { ok: true, payload: null };
    });
    await until(() => events.length === 1);
    await mapping.stop();
    queue.send('two');
    await new Promise((done) => setTimeout(done, 20));
    expect([queue.deleted, events.length]).toEqual([['handle-of-one'], 1]);
  });

  it('fills a batch until its window ends on the world clock, in receives of at most ten', async () => {
    const clock = new Clock();
    const queue = new MemoryQueue();
    queue.send('first');
    const { mapping, events } = map(queue, payload(null), {
      batchSize: 20,
      maximumBatchingWindowSeconds: 300,
      clock,
    });
    await until(() => queue.hidden.length === 1);
    queue.send(...Array.from({ length: 12 }, (_, index) => `more-${index}`));
    await until(() => queue.hidden.length === 13);
    expect(events).toEqual([]);
    await clock.advance(300_000);
    await until(() => events.length === 1);
    await mapping.idle();
    expect(events[0]?.Records).toHaveLength(13);
    expect(Math.max(...queue.asked)).toBe(10);
  });

  it('refuses a batch larger than ten without a window, as AWS does', () => {
    const settings = { batchSize: 11, source: new MemoryQueue(), functionArn, queueArn };
    const lambda = { invoke: payload(null) as () => Promise<Invocation> };
    expect(() => createMapping({ ...settings, lambda, reportBatchItemFailures: true })).toThrow(
      'a batch size of 11 (more than 10) needs a batching window of at least 1 second',
    );
  });

  it('says what broke its source', async () => {
    const source = {
      receive: () => Promise.reject(new Error('the queue is gone')),
      delete: () => {},
    };
    const mapping = createMapping({
      lambda: { invoke: () => Promise.reject(new Error('not called')) },
      source,
      functionArn,
      queueArn,
      batchSize: 1,
      reportBatchItemFailures: true,
    });
    await expect(mapping.idle()).rejects.toThrow('the queue is gone');
    await expect(mapping.stop()).rejects.toThrow('the queue is gone');
  });

  it('leaves the batch of a killed worker to be taken again', async () => {
    const { lambda, define, lines } = newWorld();
    const arn = define(
      `export const handler = async ({ Records }) => {
        console.log(Records.map(({ body }) => body).join());
        if (Records[0].body === 'hang') await new Promise(() => {});
      }`,
    );
    const queue = new MemoryQueue();
    queue.send('hang');
    const { mapping } = map(queue, async () => ({ ok: true, payload: null }), { lambda, functionArn: arn });
    await until(() => lines.length === 1);
    await lambda.kill('tested');
    await mapping.idle();
    expect([queue.deleted, queue.hidden]).toEqual([[], ['handle-of-hang']]);
    queue.send('well');
    await until(() => queue.deleted.length === 1);
    expect(queue.deleted).toEqual(['handle-of-well']);
  });
});
