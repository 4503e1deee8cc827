import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { caseId } from '../../../lib/domain/ids.ts';
import { Gateway } from '../../cloud/gateway.ts';
import { AwsError, type Call, type LocalService } from '../../cloud/service.ts';
import { authorityCalls } from './authority-calls.ts';
import { type Cost, perCredential, sumCosts } from './cost.ts';
import { casesNamedIn } from './named-cases.ts';
import { type CostRecorder, recordCost } from './record-cost.ts';
import { operatorClient } from '../cast.ts';
import { setStage, type Stage } from '../stage.ts';
import { environmentOf } from '../../../lib/wire/environment.ts';
import { casesTable, Direct, putAction } from '../../cloud/services/dynamodb/conformance/direct.ts';

const id = 'consent-withdrawn/consent-1/1/1';
const other = 'consent-withdrawn/consent-1/1/10';
const functions = new Set(Object.keys(environmentOf));

describe('casesNamedIn', () => {
  it.each([
    ['a key', { Key: { pk: { S: `case#${id}` }, sk: { S: 'case' } } }],
    ['a key with a shard', { Key: { pk: { S: `case#${id}#0` } } }],
    ['a message', { MessageBody: JSON.stringify({ case: id, shard: 0 }) }],
    ['a subject of the ledger', { Item: { subject: { S: `case/${id}` } } }],
    ['the name of an obligation', { Item: { body: { S: `obligation/${id}/bank/rt-1` } } }],
    ['JSON in JSON', { Detail: JSON.stringify({ body: JSON.stringify({ case: id }) }) }],
    ['nothing else', id],
  ])('finds an id in %s', (_where, input) => {
    expect([...casesNamedIn(input)]).toEqual([id]);
  });

  it('takes whole ids only', () => {
    expect([...casesNamedIn({ pk: `case#${other}#0` })]).toEqual([other]);
    expect([...casesNamedIn(`not-${id}`)]).toEqual([]);
    expect([...casesNamedIn('consent-withdrawn/consent-1/1')]).toEqual([]);
  });

  it('finds encoded and several ids, each once', () => {
    const encoded = 'credential-expired/bank%2Fa:sha256%3A0f/2/1';
    expect([...casesNamedIn([`case#${id}#0`, `case/${encoded}`, `case#${id}`])]).toEqual([id, encoded]);
  });
});

describe('costs', () => {
  const cost = { requests: 10, writeUnits: 7.5, readUnits: 0.5, messages: 1 };

  it('add up', () => {
    expect(sumCosts()).toEqual({ requests: 0, writeUnits: 0, readUnits: 0, messages: 0 });
    expect(sumCosts(cost, cost)).toEqual({ requests: 20, writeUnits: 15, readUnits: 1, messages: 2 });
    expect(sumCosts(cost, { ...cost, authorityCalls: 3 })).toHaveProperty('authorityCalls', 3);
  });

  it('are shared among credentials to two decimals', () => {
    expect(perCredential({ ...cost, authorityCalls: 8 }, 3)).toEqual({
      requests: 3.33,
      writeUnits: 2.5,
      readUnits: 0.17,
      messages: 0.33,
      authorityCalls: 2.67,
    });
    expect(perCredential(cost, 1)).toEqual(cost);
    expect(perCredential(cost, 0)).toBeNull();
  });
});

describe('authorityCalls', () => {
  it('counts the calls within the window, whoever made them, its beginning left out', () => {
    const path = '/token';
    const records = [
      { at: 9, path, client: 'rescind' },
      { at: 10, path, client: 'rescind', status: 200 },
      { at: 15, path, client: 'acme', status: 200 },
      { at: 15, path, status: 503 },
      { at: 20, path, client: 'birch' },
      { at: 21, path, client: 'rescind' },
    ];
    expect(authorityCalls(records, { from: 10, to: 20 })).toBe(3);
  });
});

describe('recordCost', () => {
  const none = { requests: 0, writeUnits: 0, readUnits: 0, messages: 0 };
  const invocation = (n: number) => `1-00000000-${String(n).padStart(24, '0')}`;
  const item = (pk: string) => ({ TableName: 'Cases', Item: { pk: { S: pk } } });

  /** A queue that takes every message but those called `bad`. */
  const queue: LocalService = {
    name: 'sqs',
    target: 'AmazonSQS',
    contentType: 'application/x-amz-json-1.0',
    operations: {
      SendMessage: () => Promise.resolve({ MessageId: 'm' }),
      SendMessageBatch: ({ Entries }) =>
        Promise.resolve({ Successful: (Entries as { Id: string }[]).filter((entry) => entry.Id !== 'bad') }),
    },
  };

  const newCloud = async () => {
    const { clock, dynamoDb: dynamo, ...direct } = new Direct();
    await dynamo.createTable(casesTable);
    const gateway = new Gateway(clock);
    gateway.add(dynamo);
    gateway.add(queue);
    for (const name of ['plan-case', 'bank']) gateway.admit({ accessKeyId: name, name });
    const endpoint = await gateway.listen();
    onTestFinished(async () => {
      clock.stop();
      await gateway.close();
      await dynamo.close();
    });
    const recorder = recordCost({ gateway, dynamo }, functions);
    const ask = async (n: number | undefined, target: string, input: object, caller = 'plan-case') => {
      const headers = {
        authorization: `AWS4-HMAC-SHA256 Credential=${caller}/20260101/eu-west-1/x/aws4_request`,
        'x-amz-target': target,
        ...(n !== undefined && { 'x-amzn-trace-id': `Root=${invocation(n)};Parent=0;Sampled=0` }),
      };
      const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(input) });
      await response.text();
      return response.status;
    };
    const put = (n: number | undefined, pk: string, caller?: string) =>
      ask(n, 'DynamoDB_20120810.PutItem', item(pk), caller);
    return { gateway, recorder, ask, put, direct };
  };

  it('counts every request of an invocation that names the case, also before it does', async () => {
    const { recorder, ask, put } = await newCloud();
    await put(1, 'something');
    await put(2, `case#${other}#0`);
    await ask(1, 'DynamoDB_20120810.GetItem', { TableName: 'Cases', Key: { pk: { S: 'something' } } });
    await ask(1, 'DynamoDB_20120810.TransactWriteItems', {
      TransactItems: [putAction({ pk: { S: `case#${id}` }, due: { S: 'today' } })],
    });
    // one put, then a transaction: twice its item, and once the row of its index
    expect(recorder.costOf(id)).toEqual({ requests: 3, writeUnits: 4, readUnits: 0.5, messages: 0 });
    expect(recorder.costOf(other)).toEqual({ ...none, requests: 1, writeUnits: 1 });
  });

  it('counts in full for each case that an invocation names, and for none where it names none', async () => {
    const { recorder, put } = await newCloud();
    await put(1, `case#${id}`);
    await put(1, `case#${other}`);
    await put(2, 'heartbeat');
    for (const each of [id, other])
      expect(recorder.costOf(each)).toEqual({ ...none, requests: 2, writeUnits: 2 });
    expect(recorder.costOf('consent-withdrawn/consent-2/1/1')).toEqual(none);
  });

  it('leaves out who is no function, and what runs in no invocation', async () => {
    const { recorder, put } = await newCloud();
    expect(await put(1, `case#${id}`, 'bank')).toBe(200);
    expect(await put(undefined, `case#${id}`)).toBe(200);
    expect(recorder.costOf(id)).toEqual(none);
  });

  it('counts the messages that the queues took', async () => {
    const { recorder, ask } = await newCloud();
    await ask(1, 'AmazonSQS.SendMessage', { MessageBody: JSON.stringify({ case: id }) });
    await ask(1, 'AmazonSQS.SendMessageBatch', { Entries: [{ Id: 'a' }, { Id: 'b' }, { Id: 'bad' }] });
    expect(recorder.costOf(id)).toEqual({ ...none, requests: 2, messages: 3 });
  });

  it('counts a request that a middleware refuses, whoever was added first', async () => {
    const { gateway, recorder, put } = await newCloud();
    gateway.use(() => Promise.reject(new AwsError('InternalServerError', 'again', { statusCode: 500 })));
    expect(await put(1, `case#${id}`)).toBe(500);
    expect(recorder.costOf(id)).toEqual({ ...none, requests: 1 });
  });

  it('stops', async () => {
    const { recorder, put } = await newCloud();
    await put(1, `case#${id}`);
    recorder.stop();
    await put(1, `case#${id}`);
    expect(recorder.costOf(id)).toMatchObject({ requests: 1, writeUnits: 1 });
  });
});

describe('the cost of a withdrawal', () => {
  let stage: Stage;
  let recorder: CostRecorder;
  beforeAll(async () => {
    stage = await setStage({ assembly: inject('assembly') });
    // no heartbeat: whatever a function does then is done for what just happened
    stage.world.scheduler.paused = true;
    await stage.world.settle();
    recorder = recordCost(stage.world, functions);
  });
  afterAll(() => stage.close());

  const withdrawnCase = (consent: string) => `consent-withdrawn/${consent}/1/1`;

  /** One consent with three credentials. */
  const open = async (consent: string) => {
    await stage.bank.grant({ id: consent, partner: 'acme', customer: 'k' });
    for (const n of [1, 2, 3]) {
      const { grant, refreshToken: token } = await stage.authority.mint('acme', 'k');
      const named = { id: `${consent}-${n}`, kind: 'refresh_token', partner: 'acme' } as const;
      await stage.bank.issue({ ...named, consent, grant, token });
    }
    expect(await stage.world.settle()).toBe(true);
  };

  /** Withdraws it, and counts meanwhile what all functions do, by whatever invocation. */
  const withdraw = async (consent: string): Promise<Cost> => {
    const { gateway, dynamo } = stage.world;
    let counted: Cost = sumCosts();
    const add = (more: Partial<Cost>) => void (counted = sumCosts(counted, { ...sumCosts(), ...more }));
    const stops = [
      // added last: outside of everything that refuses
      gateway.use(async (call, next) => {
        if (functions.has(call.caller.name)) add({ requests: 1, messages: sentBy(call) });
        return next();
      }),
      dynamo.onConsumed(({ caller, readUnits, writeUnits }) => {
        if (functions.has(caller)) add({ readUnits, writeUnits });
      }),
    ];
    await stage.bank.withdraw(consent);
    expect(await stage.world.settle()).toBe(true);
    for (const stop of stops) stop();
    expect(await stage.tables.cases.find(caseId(withdrawnCase(consent)))).toMatchObject({
      state: 'closed',
    });
    return counted;
  };
  const sentBy = ({ service, operation, input }: Call) =>
    // PutEvents has entries too
    service === 'sqs' && operation.startsWith('SendMessage')
      ? ((input as { Entries?: [] }).Entries?.length ?? 1)
      : 0;

  it('is what its invocations did, and no other case changes it', async () => {
    const id = withdrawnCase('c-1');
    await open('c-1');
    expect(recorder.costOf(id)).toEqual(sumCosts());
    const from = stage.world.clock.now();
    const counted = await withdraw('c-1');
    const cost = recorder.costOf(id);
    expect(cost).toEqual(counted);
    for (const name of ['requests', 'writeUnits', 'readUnits', 'messages'] as const)
      expect(cost[name]).toBeGreaterThan(0);
    const window = { clients: new Set([operatorClient]), from, to: stage.world.clock.now() };
    // each token is at least revoked and looked at
    expect(authorityCalls(await stage.authority.requests(), window)).toBeGreaterThanOrEqual(6);

    await open('c-2');
    expect(await withdraw('c-2')).toEqual(recorder.costOf(withdrawnCase('c-2')));
    expect(recorder.costOf(id)).toEqual(cost);
  });

  it('has each retry of the SDK in it', async () => {
    await open('c-3');
    const attempts: string[] = [];
    const stop = stage.world.gateway.use((call, next) => {
      if (call.caller.name !== 'plan-case' || call.operation !== 'TransactWriteItems') return next();
      attempts.push(`${call.invocation} ${JSON.stringify(call.input)}`);
      if (attempts.length === 1) throw new AwsError('ThrottlingException', 'Rate exceeded');
      return next();
    });
    const counted = await withdraw('c-3');
    stop();
    expect(attempts.length).toBeGreaterThanOrEqual(2);
    expect(attempts[1]).toBe(attempts[0]);
    expect(recorder.costOf(withdrawnCase('c-3'))).toEqual(counted);
  });
});
