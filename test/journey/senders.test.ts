import { rmSync } from 'node:fs';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { caseId } from '../../lib/domain/ids.ts';
import { callerOf, roleOf } from '../story/operator.ts';
import { setStage, type Stage } from '../story/stage.ts';
import { assemblyWith } from '../assembly-with.ts';
import { itemsOf, rejectedIn, type TableName } from './rig.ts';

const foreign = '444455556666';

/** Who may speak, as settings: one source for each kind of limit. */
const senders = [
  { source: 'bank.consents', principals: ['role/bank-consents'], partners: '*', authorities: [] },
  { source: 'bank.tokens', principals: ['role/bank-tokens'], partners: '*', authorities: ['bank'] },
  {
    source: 'birch.consents',
    principals: ['role/birch-consents'],
    partners: ['birch'],
    authorities: ['bank'],
  },
  {
    account: foreign,
    source: 'abroad.tokens',
    principals: ['role/abroad-tokens'],
    partners: ['acme'],
    authorities: ['abroad'],
  },
];

/** P10, and P8 at the border: the bus and intake hear nobody but who is listed, with what is theirs. */
describe('who may speak', () => {
  let stage: Stage;
  let assembly: string;

  beforeAll(async () => {
    assembly = assemblyWith({ senders });
    stage = await setStage({ assembly: assembly });
  });
  afterAll(async () => {
    await stage.close();
    rmSync(assembly, { recursive: true });
  });

  const occurredAt = '2026-11-24T09:00:00Z';
  let number = 0;
  const detailOf = (rest: object) => {
    number += 1;
    return JSON.stringify({ version: 1, id: `event-${number}`, occurredAt, ...rest });
  };
  const withdrawal = (consent: string, partner?: string) => ({
    type: 'Consent Withdrawn',
    rest: { consent: { id: consent, generation: 1 }, by: 'bank', ...(partner !== undefined && { partner }) },
  });
  const replacing = (id: string) => ({
    type: 'Credential Refreshed',
    rest: { ...credential('bank', 'birch', 'new').rest, replaces: { authority: 'bank', id } },
  });
  const grantOf = (consent: string, partner: string, generation = 1) => ({
    type: 'Consent Granted',
    rest: {
      ...{ consent: { id: consent, generation }, partner, customer: 'k', scopes: ['accounts'] },
      grantedAt: occurredAt,
    },
  });
  const credential = (authority: string, partner: string, id: string) => ({
    type: 'Credential Issued',
    rest: { credential: { authority, id, kind: 'refresh_token', partner } },
  });
  interface Announcement {
    readonly type: string;
    readonly rest: object;
  }
  const by = (credentials: ReturnType<Stage['world']['admit']>) =>
    new EventBridgeClient({ ...callerOf(stage.world, 'bank'), credentials });
  const put = async (client: EventBridgeClient, ...entries: (Announcement & { source: string })[]) => {
    const Entries = entries.map(({ source, type, rest }) => ({
      EventBusName: stage.world.stack.of('AWS::Events::EventBus')[0]?.arn ?? '',
      Source: source,
      DetailType: type,
      Detail: detailOf(rest),
    }));
    const answer = await client.send(new PutEventsCommand({ Entries })).then(
      () => 'accepted',
      (error: Error) => `${error.name}: ${error.message}`,
    );
    await stage.world.settle();
    return answer;
  };
  const speak = (source: string, announcement: Announcement) =>
    put(by(stage.world.admitRole(roleOf(source))), { source, ...announcement });
  const rejected = () => rejectedIn(stage.world);
  const rows = async (table: TableName) => (await itemsOf(stage.world, table)).length;
  const fenced = async (consent: string) =>
    (await stage.tables.cases.find(caseId(`consent-withdrawn/${consent}/1/1`))) !== undefined;

  describe('the bus', () => {
    const busArn = /resource: arn:aws:events:\S+:event-bus\/\S+/;
    const denied =
      /^AccessDeniedException: .*events:PutEvents.*with an explicit deny in a resource-based policy$/;
    let before: readonly [number, number];

    beforeEach(async () => {
      before = [await rows('CASES'), rejected().length];
    });

    it.each<[string, () => EventBridgeClient, string]>([
      ['an administrator of the account', () => by(stage.world.admit('root-admin')), 'bank.consents'],
      ['a role that is not listed', () => by(stage.world.admitRole('somebody')), 'bank.consents'],
      [
        'a listed role under the source of another',
        () => by(stage.world.admitRole('bank-tokens')),
        'bank.consents',
      ],
      [
        'a listed role under a source that nobody has',
        () => by(stage.world.admitRole('bank-tokens')),
        'bank.other',
      ],
      ['a listed role under our own source', () => by(stage.world.admitRole('bank-tokens')), 'rescind'],
      [
        'a role of that name in another account',
        () => by(stage.world.admitRole('bank-consents', foreign)),
        'bank.consents',
      ],
      [
        'a listed account by another role',
        () => by(stage.world.admitRole('somebody', foreign)),
        'abroad.tokens',
      ],
      [
        'an account that is not listed',
        () => by(stage.world.admitRole('abroad-tokens', '999999999999')),
        'abroad.tokens',
      ],
    ])('refuses %s, and the refusal is on record', async (_, client, source) => {
      const refusals = stage.world.iam.denials.length;
      const answer = await put(client(), { source, ...withdrawal('consent-1') });
      expect(answer).toMatch(denied);
      expect(answer).toMatch(busArn);
      expect(stage.world.iam.denials.slice(refusals)).toEqual([answer.replace(/^\w+: /, '')]);
      expect([await rows('CASES'), rejected().length]).toEqual(before);
    });

    it('refuses a whole request for one entry under the source of another', async () => {
      const own = { source: 'bank.tokens', ...credential('bank', 'acme', 'in-a-batch') };
      const other = { source: 'bank.consents', ...withdrawal('consent-1') };
      expect(await put(by(stage.world.admitRole('bank-tokens')), own, other)).toMatch(denied);
      expect([await rows('CASES'), rejected().length]).toEqual(before);
    });

    it('hears a listed role of another account under its source', async () => {
      const listed = by(stage.world.admitRole('abroad-tokens', foreign));
      const announcement = { source: 'abroad.tokens', ...credential('abroad', 'acme', 'from-abroad') };
      expect(await put(listed, announcement)).toBe('accepted');
      expect(JSON.stringify(await itemsOf(stage.world, 'REGISTRY'))).toContain('from-abroad');
    });
  });

  describe('intake', () => {
    beforeAll(async () => {
      await speak('bank.consents', grantOf('of-acme', 'acme'));
      await speak('bank.consents', grantOf('of-birch', 'birch'));
      await speak('bank.tokens', credential('bank', 'acme', 'rt-of-acme'));
    });

    it.each<[string, string, Announcement, RegExp]>([
      ['a grant to another partner', 'birch.consents', grantOf('new', 'acme'), /^partner: is none for which/],
      [
        'a credential of another partner',
        'birch.consents',
        credential('bank', 'acme', 'x'),
        /^credential\.partner: /,
      ],
      [
        'a credential at another authority',
        'birch.consents',
        credential('aggregator', 'birch', 'x'),
        /^credential\.authority: /,
      ],
      [
        'a credential at any authority',
        'bank.consents',
        credential('bank', 'acme', 'x'),
        /^credential\.authority: /,
      ],
      [
        'a grant of an id that another partner has',
        'birch.consents',
        grantOf('of-acme', 'birch', 2),
        /^consent: its id belongs to/,
      ],
      [
        'a credential in the place of another partner’s',
        'birch.consents',
        replacing('rt-of-acme'),
        /^replaces: belongs to/,
      ],
      [
        'a withdrawal that names another partner',
        'birch.consents',
        withdrawal('of-acme', 'acme'),
        /^partner: is none/,
      ],
      ['a withdrawal that names none', 'birch.consents', withdrawal('of-acme'), /^partner: must be told/],
      [
        'a withdrawal that lies about its partner',
        'birch.consents',
        withdrawal('of-acme', 'birch'),
        /^consent: belongs to/,
      ],
    ])('refuses %s, and records it', async (_, source, announcement, reason) => {
      const entries = await rows('LEDGER');
      expect(await speak(source, announcement)).toBe('accepted');
      const last = rejected().at(-1);
      expect(last).toMatchObject({ code: 'beyond-sender' });
      expect(last?.reason).toMatch(reason);
      expect(last?.reason).not.toMatch(/acme|birch|aggregator/);
      expect(await rows('LEDGER')).toBeGreaterThan(entries);
      expect(await fenced('of-acme')).toBe(false);
    });

    it('lets nobody who took an older generation of the same id keep a source from withdrawing its own', async () => {
      await speak('bank.consents', grantOf('taken', 'acme'));
      await speak('bank.consents', grantOf('taken', 'birch', 2));
      await speak('birch.consents', {
        type: 'Consent Withdrawn',
        rest: { consent: { id: 'taken', generation: 2 }, partner: 'birch', by: 'bank' },
      });
      expect(await stage.tables.cases.find(caseId('consent-withdrawn/taken/2/1'))).toBeDefined();
    });

    it('obeys a source within its limits, and one without limits for everybody', async () => {
      await speak('birch.consents', withdrawal('of-birch', 'birch'));
      expect(await fenced('of-birch')).toBe(true);
      await speak('bank.consents', withdrawal('of-acme'));
      expect(await fenced('of-acme')).toBe(true);
    });
  });

  describe('queues and secrets', () => {
    const admin = () => callerOf(stage.world, 'root-admin');
    const refusal = async (call: Promise<unknown>) =>
      call.then(
        () => 'allowed',
        (error: Error) => error.message,
      );
    const QueueUrl = (name: string) => stage.world.environment[`RESCIND_${name}_QUEUE_URL`] ?? '';

    it.each(['SIGNALS', 'PLANS', 'OBLIGATIONS', 'REJECTED', 'EXHAUSTED'])(
      'an administrator cannot send to %s',
      async (name) => {
        const sent = new SQSClient(admin()).send(
          new SendMessageCommand({ QueueUrl: QueueUrl(name), MessageBody: '{}' }),
        );
        expect(await refusal(sent)).toMatch(
          /sqs:sendmessage .* with an explicit deny in a resource-based policy/,
        );
      },
    );

    it.each(['SIGNALS', 'PLANS', 'OBLIGATIONS', 'EXHAUSTED'])(
      'an administrator cannot take from %s',
      async (name) => {
        const taken = new SQSClient(admin()).send(new ReceiveMessageCommand({ QueueUrl: QueueUrl(name) }));
        expect(await refusal(taken)).toMatch(
          /sqs:receivemessage .* with an explicit deny in a resource-based/,
        );
      },
    );

    it('people may read what was refused', async () => {
      const read = new SQSClient(admin()).send(new ReceiveMessageCommand({ QueueUrl: QueueUrl('REJECTED') }));
      expect(await refusal(read)).toBe('allowed');
    });

    it.each(['HANDLE_KEY', 'FINGERPRINT_KEY'])('an administrator cannot read %s', async (name) => {
      const SecretId = stage.world.environment[`RESCIND_${name}_SECRET`] ?? '';
      const read = new SecretsManagerClient(admin()).send(new GetSecretValueCommand({ SecretId }));
      expect(await refusal(read)).toMatch(
        /GetSecretValue .* with an explicit deny in a resource-based policy/,
      );
    });
  });
});
