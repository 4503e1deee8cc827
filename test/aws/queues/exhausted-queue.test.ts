import { describe, expect, it } from 'vitest';
import { exhaustedQueue } from '../../../lib/aws/queues/exhausted-queue.ts';
import type { DeadLetter } from '../../../lib/domain/intake/dead-letter.ts';
import { stringAttributes } from '../../cloud/services/sqs/message-attributes.ts';
import { startSqs } from '../../cloud/services/sqs/rig.ts';

/** The queues as the stack has them, and the adapter with a real client. */
async function startQueues() {
  const { sqs, client, clock } = await startSqs();
  const dead = sqs.createQueue({ name: 'Rescind-Exhausted', visibilityTimeoutSeconds: 180 });
  const source = (name: string) =>
    sqs.createQueue({
      name: `Rescind-${name}`,
      visibilityTimeoutSeconds: 180,
      redrive: { deadLetterArn: dead.arn, maxReceiveCount: 1 },
    });
  const sources = {
    signals: source('Signals'),
    plans: source('Plans'),
    obligations: source('Obligations'),
    other: source('Other'),
  };
  const queue = exhaustedQueue(client, dead.url, {
    signals: sources.signals.url,
    plans: sources.plans.url,
    obligations: sources.obligations.url,
  });
  /** Sends, receives once, and lets the queue give the message up. */
  const giveUp = async (
    name: keyof typeof sources,
    body: string,
    options: Parameters<typeof sqs.send>[2] = {},
  ) => {
    const { arn } = sources[name];
    sqs.send(arn, body, options);
    await sqs.receive(arn, { max: 1 });
    await clock.advance(180_000);
    await sqs.receive(arn, { max: 1 });
  };
  const bodies = (arn: string) => sqs.inspect(arn).messages.map(({ body }) => body);
  return { sqs, client, clock, dead, sources, queue, giveUp, bodies };
}

const letter = (body: string, receipt = 'none', group?: string): DeadLetter => ({
  origin: 'signals',
  body,
  receipt,
  ...(group !== undefined && { group }),
});

describe('the origin of a dead letter', () => {
  it.each(['signals', 'plans', 'obligations'] as const)(
    'is %s where SQS says that it was redriven from there',
    async (name) => {
      const { queue, giveUp } = await startQueues();
      await giveUp(name, 'x');
      expect(await queue.exhausted.receive()).toMatchObject([{ origin: name, body: 'x' }]);
    },
  );

  it('is unknown for a queue that is none of ours', async () => {
    const { queue, giveUp } = await startQueues();
    await giveUp('other', 'x');
    expect(await queue.exhausted.receive()).toMatchObject([{ origin: 'unknown' }]);
  });

  it.each([
    ['schedule', { SCHEDULE_ARN: 'arn:aws:scheduler:eu-west-2:111122223333:schedule/default/x' }],
    ['bus', { RULE_ARN: 'arn:aws:events:eu-west-2:111122223333:rule/bus/x', ERROR_CODE: 'NO_PERMISSIONS' }],
    ['unknown', {}],
    ['unknown', { 'X-Something': 'else' }],
  ])('is %s where the message bears %j', async (origin, attributes) => {
    const { sqs, queue, dead } = await startQueues();
    sqs.send(dead.arn, 'x', { attributes: stringAttributes(attributes) });
    expect(await queue.exhausted.receive()).toMatchObject([{ origin }]);
  });

  // whoever sends to a queue chooses its attributes: a withdrawal must not be dropped as a tick of a schedule
  it('is the queue that gave it up, whatever its sender wrote on it', async () => {
    const { queue, giveUp } = await startQueues();
    await giveUp('signals', 'withdrawn', { attributes: stringAttributes({ SCHEDULE_ARN: 'mine' }) });
    expect(await queue.exhausted.receive()).toMatchObject([{ origin: 'signals' }]);
  });
});

describe('the way back to Signals', () => {
  it('keeps body and group, and makes a new message whose age begins anew', async () => {
    const { sqs, queue, clock, sources, giveUp } = await startQueues();
    await giveUp('signals', 'naïve ☂', { groupId: 'bank' });
    const letters = await queue.exhausted.receive();
    expect(await queue.sendSignals(letters)).toEqual([]);
    const [message] = await sqs.receive(sources.signals.arn, { max: 1 });
    expect(message).toMatchObject({ body: 'naïve ☂', groupId: 'bank', receiveCount: 1 });
    expect(clock.now() - (message?.sentAt ?? 0)).toBeLessThan(60_000);
  });

  it('tells which entries SQS refused inside an answer of 200, and sends the rest', async () => {
    const { queue, sources, bodies } = await startQueues();
    const bad = letter('a\u0000b');
    const worse = letter('x', 'none', 'a group');
    const refused = await queue.sendSignals([letter('1'), bad, letter('2'), worse]);
    expect(refused).toEqual([
      { letter: bad, code: 'InvalidMessageContents' },
      { letter: worse, code: 'InvalidParameterValue' },
    ]);
    expect(bodies(sources.signals.arn)).toEqual(['1', '2']);
  });

  it('packs batches so that none is too long as a whole', async () => {
    const { queue, sources, bodies } = await startQueues();
    const large = Array.from({ length: 10 }, (_, index) => letter(`${index}`.repeat(120 * 1024)));
    const whole = letter('w'.repeat(1024 * 1024));
    expect(await queue.sendSignals([...large, whole, letter('last')])).toEqual([]);
    expect(bodies(sources.signals.arn)).toHaveLength(12);
  });

  it('sends more than ten', async () => {
    const { queue, sources, bodies } = await startQueues();
    const many = Array.from({ length: 23 }, (_, index) => letter(`${index}`));
    expect(await queue.sendSignals(many)).toEqual([]);
    expect(bodies(sources.signals.arn)).toEqual(many.map(({ body }) => body));
  });

  it('lets one batch that is refused whole keep no other back', async () => {
    const { queue, sources, bodies } = await startQueues();
    const tooLong = letter('x'.repeat(1024 * 1024 + 1));
    const refused = await queue.sendSignals([letter('1'), tooLong, letter('2')]);
    expect(refused).toEqual([{ letter: tooLong, code: 'BatchRequestTooLong' }]);
    expect(bodies(sources.signals.arn)).toEqual(['1', '2']);
  });

  it('refuses all where the queue cannot be reached', async () => {
    const { client, dead, sources } = await startQueues();
    const nowhere = { signals: `${sources.signals.url}-gone`, plans: 'p', obligations: 'o' };
    const one = letter('1');
    expect(await exhaustedQueue(client, dead.url, nowhere).sendSignals([one])).toEqual([
      { letter: one, code: 'QueueDoesNotExist' },
    ]);
  });
});

describe('forgetting', () => {
  it('deletes what is given, and nothing else', async () => {
    const { sqs, queue, dead, bodies } = await startQueues();
    for (const body of ['1', '2', '3']) sqs.send(dead.arn, body);
    const [first, , third] = await queue.exhausted.receive();
    expect(await queue.exhausted.forget([first, third].flatMap((one) => one ?? []))).toEqual([]);
    expect(bodies(dead.arn)).toEqual(['2']);
  });

  it('tells which are still there', async () => {
    const { sqs, queue, dead, bodies } = await startQueues();
    sqs.send(dead.arn, '1');
    const strange = letter('2', 'no handle');
    const refused = await queue.exhausted.forget([...(await queue.exhausted.receive()), strange]);
    expect(refused).toEqual([{ letter: strange, code: 'ReceiptHandleIsInvalid' }]);
    expect(bodies(dead.arn)).toEqual([]);
  });

  it('is what a letter waits for, hidden for the queue’s visibility timeout', async () => {
    const { sqs, queue, dead, clock } = await startQueues();
    sqs.send(dead.arn, '1');
    expect(await queue.exhausted.receive()).toHaveLength(1);
    expect(await queue.exhausted.receive()).toEqual([]);
    await clock.advance(180_000);
    expect(await queue.exhausted.receive()).toHaveLength(1);
  });
});
