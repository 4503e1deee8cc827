import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { caseId } from '../../lib/domain/ids.ts';
import { place } from '../cloud/services.ts';
import { eventsOf } from '../story/operator.ts';
import { setStage, type Stage } from '../story/stage.ts';
import { entriesOf, messagesIn, queueArn, rejectedIn, rowsOf } from './rig.ts';
import { rejectionIn } from '../flows/envelopes.ts';
import { hearSignal } from '../../lib/flows/intake/hear-signal.ts';
import { canary } from '../wire/fuzzing/wrong-values.ts';
import { type Malformed, malformedEvents } from '../wire/fuzz.ts';

/** PutEvents takes at most this many. */
const entriesMax = 10;

/** P3, P7, P8: whatever is announced wrongly ends in Rejected with a reason and an entry, and does nothing else. */
describe('malformed events over the bus', () => {
  const sender = { account: place.account, source: 'bank.consents' };
  // SQS takes no empty message
  const events = malformedEvents(sender).filter(({ body }) => body !== '');
  let stage: Stage;
  let before: readonly string[];
  let written: readonly string[];
  let expected: readonly string[];
  const reasonOf = ({
    code,
    reason,
  }: {
    readonly code?: string | undefined;
    readonly reason?: string | undefined;
  }) => `${code} ${reason}`;

  const rows = () => rowsOf(stage.world);
  const rejected = () => rejectedIn(stage.world);
  const sendAll = async (all: readonly Malformed[]) => {
    const bus = eventsOf(stage.world)(sender.source);
    const onBus = all.flatMap(({ entry }) => entry ?? []);
    for (let start = 0; start < onBus.length; start += entriesMax) {
      const Entries = onBus.slice(start, start + entriesMax).map(({ source, type, detail }) => ({
        EventBusName: stage.world.environment['RESCIND_BUS'] ?? '',
        Source: source,
        DetailType: type,
        Detail: detail,
      }));
      const { FailedEntryCount } = await bus.send(new PutEventsCommand({ Entries }));
      if (FailedEntryCount !== 0) throw new Error(`the bus refused ${FailedEntryCount} of ${start}…`);
    }
    for (const { entry, body } of all)
      if (!entry) stage.world.sqs.send(queueArn(stage.world, 'Signals'), body);
  };

  beforeAll(async () => {
    stage = await setStage({ assembly: inject('assembly') });
    before = await rows();
    const hearing = {
      account: sender.account,
      senders: [{ source: sender.source, partners: '*' as const, authorities: '*' as const }],
      fingerprint: async () => '',
      fingerprintFor: async () => '',
    };
    const told = events.map(async ({ body }) => reasonOf(rejectionIn(await hearSignal(body, hearing))));
    expected = (await Promise.all(told)).toSorted();
    await sendAll(events);
    await stage.world.settle(60_000);
    written = (await rows()).filter((row) => !before.includes(row));
  });
  afterAll(() => stage.close());

  it('are more than two hundred, most of them over the bus', () => {
    expect(events.length).toBeGreaterThan(200);
    expect(events.filter(({ entry }) => entry).length).toBeGreaterThan(200);
  });

  it('end in Rejected, each once, with the reason that it was refused for', () => {
    expect(rejected().map(reasonOf).toSorted()).toEqual(expected);
    expect(new Set(rejected().map(({ digest }) => digest)).size).toBe(events.length);
  });

  it('have one entry each, which names no change', async () => {
    const found = await entriesOf(stage.world, 'rejected');
    expect(found.map(({ facts }) => reasonOf(facts)).toSorted()).toEqual(expected);
    const digests = new Set(rejected().map(({ digest }) => digest));
    expect(found.filter(({ facts }) => !digests.has(facts.digest ?? ''))).toEqual([]);
    expect(found.flatMap(({ changes }) => changes)).toEqual([]);
  });

  it('leave a row each that remembers the digest, and change or remove nothing', async () => {
    expect(written.length).toBe(events.length);
    for (const row of written) expect(row).toContain('"rejection#');
    const after = await rows();
    expect(before.filter((row) => !after.includes(row))).toEqual([]);
  });

  it('are repeated nowhere: in no table, queue or log line', async () => {
    const { logs } = stage.world;
    const seen = JSON.stringify([await rows(), await entriesOf(stage.world), rejected(), logs]);
    expect(seen).not.toContain(canary);
  });

  it('leave every function alive: none failed, nothing is in Exhausted, and a withdrawal is obeyed', async () => {
    expect(stage.world.logs.filter(({ text }) => text.includes('"level":"ERROR"'))).toEqual([]);
    expect(messagesIn(stage.world, 'Exhausted')).toEqual([]);
    expect(messagesIn(stage.world, 'Signals')).toEqual([]);
    await stage.bank.withdraw('consent-after');
    expect(await stage.world.settle()).toBe(true);
    expect(await stage.tables.cases.find(caseId('consent-withdrawn/consent-after/1/1'))).toMatchObject({
      state: 'closed',
    });
  });
});
