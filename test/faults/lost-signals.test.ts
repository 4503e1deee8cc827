import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { signalRetrySecondsMax } from '../../lib/domain/limits.ts';
import { AwsError } from '../cloud/service.ts';
import { setStage, type Stage } from '../story/stage.ts';
import type { FunctionName } from '../../lib/wire/environment.ts';
import { type Break, brokenBundle } from '../journey/broken-bundle.ts';
import { entriesOf, messagesIn, queueArn, rejectedIn, resourceOf } from '../journey/rig.ts';
import { impatientAssembly } from './impatient-assembly.ts';
import { openAccount, subject, withdrawal } from './one-account.ts';

/**
 * The stack gives an announcement 1,000 receives, up to 15 s apart: four hours, and a thousand runs of the function, each of which
 * tries DynamoDB five times. Three receives come to the same queue by the same way.
 */
const receivesMax = 3;

const minuteMs = 61_000;

let assembly = '';
beforeAll(() => {
  assembly = impatientAssembly(inject('assembly'), receivesMax);
});
afterAll(() => rmSync(assembly, { recursive: true, force: true }));

async function newStage(bundles: Partial<Record<FunctionName, string>> = {}) {
  const stage = await setStage({ assembly, bundles });
  const { world } = stage;
  return {
    stage,
    held: (queue: string) => messagesIn(world, queue),
    put: (queue: string, ...message: [body: string, options?: Parameters<typeof world.sqs.send>[2]]) =>
      world.sqs.send(queueArn(world, queue), ...message),
    schedule: resourceOf(world, 'AWS::Scheduler::Schedule', 'ReturnExhausted').name,
  };
}
type Played = Awaited<ReturnType<typeof newStage>>;

/** From now on DynamoDB refuses every call of everybody; the function given ends that. */
function breakDynamoDb({ world }: Stage): () => void {
  return world.gateway.use(async (call, next) => {
    if (call.service !== 'dynamodb') return next();
    throw new AwsError('com.amazonaws.dynamodb.v20120810#InternalServerError', 'broken on purpose', {
      statusCode: 500,
    });
  });
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const givenUpAt = performance.now() + 15_000;
  while (!holds()) {
    if (performance.now() > givenUpAt) throw new Error(`not within 15 s: ${what}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

/** Plays on until Signals has received its one message as often as it may, and Exhausted holds it. */
async function giveUp({ stage, held }: Played): Promise<void> {
  const { clock, lambda } = stage.world;
  for (let receives = 1; receives <= receivesMax; receives += 1) {
    await until(() => held('Signals')[0]?.receiveCount === receives, `receive ${receives}`);
    await lambda.idle();
    await clock.advance((signalRetrySecondsMax + 1) * 1_000);
  }
  await until(() => held('Exhausted').length === 1, 'the announcement is in Exhausted');
}

/** A withdrawal that is announced while DynamoDB refuses everything, for longer than Signals waits, twice over. */
async function outage(bundles: Partial<Record<FunctionName, string>> = {}) {
  const played = await newStage(bundles);
  const { stage, held, schedule } = played;
  onTestFinished(() => stage.close());
  const { world, tables, auditor, bank } = stage;
  const token = await openAccount(stage);

  const heal = breakDynamoDb(stage);
  // the other heartbeats would fail at each minute, after five tries of real time
  world.scheduler.paused = true;
  await bank.withdraw('consent-1');
  await giveUp(played);
  const lost = held('Exhausted');
  // the schedule has nothing to wait for: while DynamoDB is broken, the announcement goes round
  await world.scheduler.fire(schedule);
  const isBack = held('Signals').length === 1;
  if (isBack) await giveUp(played);
  const meanwhile = { round: isBack, alive: await auditor.introspect(token), found: lost.map(bodyOf) };

  heal();
  world.scheduler.paused = false;
  await world.clock.advance(minuteMs);
  await world.settle();
  const found = await tables.cases.find(withdrawal);
  return {
    meanwhile,
    fence: (await tables.fences.find(subject))?.generation,
    state: found?.state,
    alive: await auditor.introspect(token),
    left: { signals: held('Signals').length, exhausted: held('Exhausted').length },
    refused: held('Rejected').length,
    differences: (await stage.observer.compareLedger()).differences,
  };
}

const bodyOf = ({ body }: { readonly body: string }) =>
  (JSON.parse(body) as { readonly 'detail-type': string })['detail-type'];

const healed = {
  meanwhile: { round: true, alive: true, found: ['Consent Withdrawn'] },
  fence: 1,
  state: 'closed',
  alive: false,
  left: { signals: 0, exhausted: 0 },
  refused: 0,
  differences: [],
};

/** P2, P8. */
describe('a withdrawal that DynamoDB refused for longer than Signals waits', () => {
  it('is returned by the schedule again and again, and kills its credentials when DynamoDB is back', async () => {
    expect(await outage()).toEqual(healed);
  });

  const broken: readonly (readonly [string, Break, { readonly exhausted: number }])[] = [
    [
      'returns nothing',
      {
        file: 'lib/flows/sweeps/return-exhausted.ts',
        from: 'const letters = done.more ? [] : await deps.exhausted.receive();',
        to: 'const letters: DeadLetter[] = [];',
      },
      { exhausted: 1 },
    ],
    [
      'forgets without sending',
      {
        file: 'lib/flows/sweeps/return-exhausted.ts',
        from: 'const unsent = back.length > 0 ? await sendSignals(back) : [];',
        to: 'const unsent: RefusedLetter[] = [];',
      },
      { exhausted: 0 },
    ],
    [
      'takes an announcement for a wake-up',
      { file: 'lib/domain/intake/dead-letter.ts', from: "signals: 'return',", to: "signals: 'drop'," },
      { exhausted: 0 },
    ],
  ];

  it.each(broken)('is never taken where the function %s', async (_, change, { exhausted }) => {
    const bundle = await brokenBundle('return-exhausted', change);
    const { fence, state, alive, left } = await outage({ 'return-exhausted': bundle });
    expect({ fence, state, alive, left }).toEqual({
      fence: undefined,
      state: undefined,
      alive: true,
      left: { signals: 0, exhausted },
    });
  });
});

describe('a withdrawal that EventBridge could not bring to Signals for a day', () => {
  it('is returned from its dead-letter queue, and kills its credentials', async () => {
    const { stage, held } = await newStage();
    onTestFinished(() => stage.close());
    const { world, tables, auditor, bank } = stage;
    const token = await openAccount(stage);
    const signals = queueArn(world, 'Signals');
    const send = world.sqs.send.bind(world.sqs);
    let tries = 0;
    Object.assign(world.sqs, {
      send: (...[arn, ...message]: Parameters<typeof send>) => {
        if (arn !== signals) return send(arn, ...message);
        tries += 1;
        throw new AwsError('com.amazonaws.sqs#KmsThrottled', 'broken on purpose');
      },
    });
    world.scheduler.paused = true; // a day has ten thousand beats
    await bank.withdraw('consent-1');
    await world.clock.advance(24 * 3_600_000 + minuteMs);
    expect(tries).toBeGreaterThan(100);
    expect(held('Exhausted').map(bodyOf)).toEqual(['Consent Withdrawn']);
    expect([await tables.fences.find(subject), await auditor.introspect(token)]).toEqual([undefined, true]);

    // what EventBridge gave up it does not try again: the function sends over the wire
    world.scheduler.paused = false;
    await world.clock.advance(minuteMs);
    await world.settle();
    expect(await tables.cases.find(withdrawal)).toMatchObject({ state: 'closed' });
    expect([await auditor.introspect(token), held('Exhausted')]).toEqual([false, []]);
  });
});

describe('what is in Exhausted besides', () => {
  let played: Played;
  beforeAll(async () => {
    played = await newStage();
  });
  afterAll(() => played.stage.close());

  const beat = async () => {
    await played.stage.world.clock.advance(minuteMs);
    await played.stage.world.settle();
  };
  const reasons = () => rejectedIn(played.stage.world).map(({ code }) => code);
  const recorded = async () => (await entriesOf(played.stage.world, 'rejected')).length;

  it.each([
    ['is nothing that anybody can read', 'not json', {}],
    ['is no event', '{"hello":"world"}', {}],
    ['came from EventBridge', '{"detail":{}}', { RULE_ARN: 'arn:aws:events:eu-west-1:000000000000:rule/r' }],
  ])('ends in Rejected with a record, once, where it %s', async (_, body, attributes) => {
    const before = { reasons: reasons().length, recorded: await recorded() };
    played.put('Exhausted', body, {
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
      ),
    });
    for (let beats = 0; beats < 3; beats += 1) await beat();
    expect(reasons().slice(before.reasons)).toEqual(['malformed']);
    expect((await recorded()) - before.recorded).toBe(1);
    expect([played.held('Signals').length, played.held('Exhausted').length]).toEqual([0, 0]);
  });

  it('keeps no announcement back where one of it fails each time', async () => {
    const { stage, put, held } = played;
    const before = reasons().length;
    // Signals takes everything but this one
    stage.world.gateway.use(async (call, next) => {
      const { Entries = [] } = call.input as { Entries?: { MessageBody?: string }[] };
      if (
        call.operation !== 'SendMessageBatch' ||
        !Entries.some(({ MessageBody }) => MessageBody === 'poison')
      )
        return next();
      const others = Entries.filter(({ MessageBody }) => MessageBody !== 'poison');
      Object.assign(call.input as object, { Entries: others });
      const answer = others.length > 0 ? await next() : {};
      const poison = String(Entries.findIndex(({ MessageBody }) => MessageBody === 'poison'));
      return { ...answer, Failed: [{ Id: poison, Code: 'InternalError', SenderFault: false }] };
    });
    for (const body of ['one', 'poison', 'two']) put('Exhausted', body);
    await beat();
    expect(reasons().slice(before)).toEqual(['malformed', 'malformed']);
    expect(held('Exhausted').map(({ body }) => body)).toEqual(['poison']);
  });
});
