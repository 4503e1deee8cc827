import { describe, expect, it } from 'vitest';
import { entry, startEvents } from './rig.ts';

const everything = { source: [{ 'anything-but': 'none' }] };

async function startWithTarget() {
  const cloud = await startEvents();
  cloud.events.createRule({
    bus: 'rescind',
    name: 'all',
    pattern: everything,
    targets: [{ id: 't', arn: 'arn:t' }],
  });
  return cloud;
}

describe('PutEvents', () => {
  it('answers with an id for each entry and delivers the events in EventBridge envelopes', async () => {
    const { put, events, bodies } = await startWithTarget();
    const Time = new Date('2026-11-24T10:11:12.345Z');
    const answer = await put(entry({ Time, Resources: ['arn:r'] }), entry({ DetailType: 'Consent Granted' }));
    expect(answer).toMatchObject({
      FailedEntryCount: 0,
      Entries: [{ EventId: 'event-1' }, { EventId: 'event-2' }],
    });
    await events.idle();
    expect(bodies()[0]).toEqual({
      version: '0',
      id: 'event-1',
      'detail-type': 'Consent Withdrawn',
      source: 'bank.consents',
      account: '111122223333',
      time: '2026-11-24T10:11:12Z',
      region: 'eu-west-2',
      resources: ['arn:r'],
      detail: { consent: { id: 'c-1', generation: 2 } },
    });
    expect(bodies()[1]).toMatchObject({ id: 'event-2', 'detail-type': 'Consent Granted', resources: [] });
  });

  it('takes the time of the world for an event without one', async () => {
    const { put, clock, events, bodies } = await startWithTarget();
    await clock.advance(86_400_000);
    const before = Math.floor(clock.now() / 1000) * 1000;
    await put(entry());
    await events.idle();
    const [{ time }] = bodies() as [{ time: string }];
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Date.parse(time)).toBeGreaterThanOrEqual(before);
  });

  it.each([
    ['no source', { Source: undefined }, 'InvalidArgument', 'Parameter Source is not valid'],
    ['an empty source', { Source: '' }, 'InvalidArgument', 'Parameter Source is not valid'],
    ['no detail type', { DetailType: undefined }, 'InvalidArgument', 'Parameter DetailType is not valid'],
    [
      'a long detail type',
      { DetailType: 'x'.repeat(129) },
      'InvalidArgument',
      'Parameter DetailType is not valid',
    ],
    ['no detail', { Detail: undefined }, 'InvalidArgument', 'Parameter Detail is not valid'],
    [
      'a source of AWS',
      { Source: 'aws.secretsmanager' },
      'NotAuthorizedForSourceException',
      'Not authorized',
    ],
    ['detail that is no JSON', { Detail: '{"a":' }, 'MalformedDetail', 'Detail is malformed'],
    ['detail that is a list', { Detail: '[]' }, 'MalformedDetail', 'Detail is malformed'],
    ['detail that is text', { Detail: '"x"' }, 'MalformedDetail', 'Detail is malformed'],
  ])('refuses an entry with %s and takes the others', async (_, over, code, message) => {
    const { put, events, bodies } = await startWithTarget();
    const answer = await put(entry(over), entry());
    expect(answer).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: code, ErrorMessage: expect.stringContaining(message) }, { EventId: 'event-1' }],
    });
    await events.idle();
    expect(bodies()).toHaveLength(1);
  });

  it.each([
    ['no entry', []],
    ['eleven entries', Array.from({ length: 11 }, () => entry())],
    ['an entry of 256 KB', [entry({ Detail: JSON.stringify({ text: 'x'.repeat(256 * 1024) }) })]],
    [
      '256 KB in all',
      Array.from({ length: 4 }, () => entry({ Detail: JSON.stringify({ text: 'x'.repeat(65_536) }) })),
    ],
  ])('refuses a request with %s as a whole', async (_, entries) => {
    const { put, tried } = await startWithTarget();
    await expect(put(...entries)).rejects.toThrow(expect.objectContaining({ name: 'ValidationException' }));
    expect(tried).toEqual([]);
  });

  it('takes ten entries, also of just less than 256 KB', async () => {
    const { put, events, bodies } = await startWithTarget();
    const Detail = JSON.stringify({ text: 'x'.repeat(26_000) });
    expect(await put(...Array.from({ length: 10 }, () => entry({ Detail })))).toMatchObject({
      FailedEntryCount: 0,
    });
    await events.idle();
    expect(bodies()).toHaveLength(10);
  });

  it('finds the bus by name or ARN, and the default bus without either', async () => {
    const { put, events, bus, bodies } = await startWithTarget();
    const { arn } = events.createRule({
      bus: 'default',
      name: 'default-rule',
      pattern: { source: ['bank.consents'] },
      targets: [{ id: 't', arn: 'arn:t' }],
    });
    await put(entry({ EventBusName: bus.arn }), entry({ EventBusName: undefined, DetailType: 'To Default' }));
    await events.idle();
    expect(bodies()).toMatchObject([{ 'detail-type': 'Consent Withdrawn' }, { 'detail-type': 'To Default' }]);
    expect(arn).toBe('arn:aws:events:eu-west-2:111122223333:rule/default-rule');
  });

  // https://github.com/aws/aws-cli/issues/9186: AWS reports success and drops the event.
  it.each(['nowhere', 'arn:aws:events:eu-west-2:999999999999:event-bus/rescind'])(
    'accepts an event for the unknown bus %s and loses it, which a listener learns',
    async (EventBusName) => {
      const { put, events, bodies } = await startWithTarget();
      const lost: unknown[] = [];
      const accepted: unknown[] = [];
      events.onLost((loss) => lost.push(loss));
      events.onEvent((event) => accepted.push(event));
      expect(await put(entry({ EventBusName }))).toMatchObject({
        FailedEntryCount: 0,
        Entries: [{ EventId: 'event-1' }],
      });
      await events.idle();
      expect(bodies()).toEqual([]);
      expect(accepted).toEqual([]);
      expect(lost).toMatchObject([{ because: 'no-such-bus', event: { id: 'event-1' } }]);
    },
  );

  it('tells listeners of every accepted event with the call that brought it, until they leave', async () => {
    const { put, events } = await startWithTarget();
    const seen: unknown[] = [];
    const leave = events.onEvent((event, call) => seen.push([event.id, call.caller.name, call.operation]));
    await put(entry(), entry({ Detail: '[]' }));
    leave();
    await put(entry());
    expect(seen).toEqual([['event-1', 'test', 'PutEvents']]);
  });
});
