import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../lib/stack/settings/read-settings.ts';
import { resolveStack } from '../cloud/cloudformation/read-stack.ts';
import { parseTemplate } from '../cloud/cloudformation/template.ts';
import { place } from '../cloud/iam/stack.ts';
import { resourceAt, resourcesOf, unbundledApp } from './unbundled.ts';

interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal: unknown;
  readonly Action: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const template = Template.fromStack(unbundledApp().stack);
const statementsOf = (document: unknown) => (document as { Statement: readonly Statement[] }).Statement;
const ofQueue = (name: string) =>
  statementsOf(resourceAt(template, 'AWS::SQS::QueuePolicy', `${name}Queue`).Properties['PolicyDocument']);
const ofKey = (name: string, from = template) =>
  statementsOf(resourceAt(from, 'AWS::KMS::Key', name).Properties['KeyPolicy']);
const denied = (statements: readonly Statement[], sid: string) =>
  statements.find((one) => one.Effect === 'Deny' && one.Sid === sid);
/** Logical ids of roles that a condition lets through. */
const rolesIn = (statement: Statement | undefined) =>
  [...JSON.stringify(statement?.Condition ?? {}).matchAll(/"(\w+)Role[0-9A-F]{8}","Arn"/g)].map(
    ([, name = '']) => name,
  );

describe('the bus', () => {
  const senders = [
    { source: 'bank.consents', principals: ['role/consents', 'user/ada'], partners: '*', authorities: [] },
    {
      account: '111122223333',
      source: 'far.tokens',
      principals: ['role/tokens'],
      partners: '*',
      authorities: '*',
    },
  ];
  const ofBus = (context: object) => {
    const [bus, ...others] = Object.values(
      resourcesOf(Template.fromStack(unbundledApp({ ...context }).stack), 'AWS::Events::EventBus'),
    );
    expect(others).toEqual([]);
    return statementsOf(bus?.Properties['Policy']);
  };
  const statements = ofBus({ senders });

  // calls of PutPermission that meet overwrite each other, and each is answered with 200
  it('has all of its policy by itself: one write', () => {
    expect(Object.keys(resourcesOf(template, 'AWS::Events::EventBusPolicy'))).toEqual([]);
    expect(ofBus({}).length).toBeGreaterThan(5);
  });

  // what an earlier policy wrote, statement by statement, may be taken away by its id after the new one was written
  it('has ids of statements that none ever had as a resource', () => {
    expect(statements.map(({ Sid = '' }) => Sid).filter((sid) => !/^[A-Z][A-Za-z0-9]+$/.test(sid))).toEqual(
      [],
    );
  });

  it('lets nobody in from another account unless a setting says so', () => {
    expect(ofBus({}).filter(({ Effect }) => Effect === 'Allow')).toEqual([]);
    const [admitted, ...others] = statements.filter(({ Effect }) => Effect === 'Allow');
    expect(others).toEqual([]);
    expect(JSON.stringify(admitted?.Principal)).toContain(':iam::111122223333:root');
    expect(JSON.stringify(admitted?.Condition)).toContain(':iam::111122223333:role/tokens');
    expect(admitted?.Condition).toMatchObject({
      'ForAllValues:StringEquals': { 'events:source': ['far.tokens'] },
      Null: { 'events:source': 'false' },
    });
  });

  it('tells apart sources that look alike', () => {
    const alike = ['bank', 'Bank', 'b.ank', 'x'.repeat(63) + '1', 'x'.repeat(63) + '2'].map((source) => ({
      ...{ source, principals: ['role/a'], partners: '*', authorities: '*' },
    }));
    expect(ofBus({ senders: alike }).filter(({ Effect }) => Effect === 'Deny')).toHaveLength(8);
  });

  describe('fits into the quota of a bus where the settings let it', () => {
    const speaker = { partners: '*', authorities: '*' };
    const far = { account: '777788889999', ...speaker };
    const shapes = {
      'many sources': (n: number) => ({ source: `b${n}`, principals: ['role/a'], ...speaker }),
      'other accounts': (n: number) => ({ source: `b${n}`, principals: ['role/a'], ...far }),
      'long names': (n: number) => ({
        ...{ source: `${'x'.repeat(60)}${n}`, principals: [`role/${'p'.repeat(60)}`], ...far },
      }),
      'many principals': (n: number) => ({
        ...{ source: `b${n}`, principals: Array.from({ length: 20 }, (_, k) => `role/service-${k}`) },
        ...speaker,
      }),
    };
    const isTaken = (some: readonly object[]) => {
      try {
        return readSettings({ senders: some }).senders.length > 0;
      } catch {
        return false;
      }
    };

    it.each(Object.entries(shapes))('with %s', (_, shape) => {
      const of = (count: number) => Array.from({ length: count }, (_, n) => shape(n));
      const most = Array.from({ length: 40 }, (_, n) => n).findLast((count) => isTaken(of(count))) ?? 0;
      expect(most).toBeGreaterThan(4);
      const { template } = unbundledApp({ senders: of(most) })
        .synth()
        .getStackByName('Rescind');
      const resolved = resolveStack(
        parseTemplate(template as Record<string, unknown>, 'Rescind'),
        ...(['Rescind', place, (id: string) => id] as const),
      );
      const [bus] = resolved.of('AWS::Events::EventBus');
      // CloudFormation ends the name of each role of ours with a hyphen and twelve characters
      const roles = rolesIn(ofBus({ senders: of(most) }).at(-1)).length;
      expect(roles).toBeGreaterThan(5);
      expect(JSON.stringify(bus?.properties['Policy']).length + 13 * roles).toBeLessThan(10_240);
    });
  });

  it('denies every other source, and each source to whoever it is not of', () => {
    const denials = statements.filter(({ Effect }) => Effect === 'Deny');
    expect(denials.map(({ Sid }) => Sid)).toEqual([
      'NoOtherSource',
      'NoSource',
      expect.stringMatching(/^Onlybankconsents[0-9a-f]{12}$/),
      expect.stringMatching(/^Onlyfartokens[0-9a-f]{12}$/),
      expect.stringMatching(/^Onlyrescind[0-9a-f]{12}$/),
    ]);
    expect(denials.map(({ Principal }) => Principal)).toEqual(denials.map(() => ({ AWS: '*' })));
    const [, , ofBank] = denials;
    expect(JSON.stringify(ofBank?.Condition)).toMatch(/role\/consents.*user\/ada/);
    expect(JSON.stringify(ofBank?.Condition)).not.toContain('tokens');
    expect(rolesIn(denials.at(-1))).toContain('SendEvents');
  });
});

describe('a queue', () => {
  it.each([
    ['Signals', ['ReturnExhausted']],
    ['Plans', ['Operate', 'TakeSignal', 'PlanCase', 'ExpireCredentials', 'ChaseObligations']],
    ['Obligations', ['PlanCase', 'WorkObligations', 'RotateDue', 'ExpireCredentials', 'ChaseObligations']],
    ['Rejected', ['TakeSignal']],
  ])('%s takes messages from %j alone', (name, senders) => {
    expect(rolesIn(denied(ofQueue(name), 'SendersOnly')).toSorted()).toEqual(senders.toSorted());
  });

  it.each([
    ['Signals', ['TakeSignal']],
    ['Plans', ['PlanCase']],
    ['Obligations', ['WorkObligations']],
    ['Exhausted', ['ReturnExhausted']],
  ])('%s gives messages to %j alone', (name, receivers) => {
    expect(rolesIn(denied(ofQueue(name), 'ReceiversOnly'))).toEqual(receivers);
  });

  it('of what was refused is read by people', () => {
    expect(denied(ofQueue('Rejected'), 'ReceiversOnly')).toBeUndefined();
  });
});

describe('a secret of the stack', () => {
  it.each([
    ['HandleKey', ['KeepKeys', 'WorkObligations']],
    ['FingerprintKey', ['KeepKeys', 'TakeSignal', 'WorkObligations']],
  ])('%s is read and written by %j alone, over TLS', (name, callers) => {
    const { Properties } = resourceAt(template, 'AWS::SecretsManager::ResourcePolicy', name);
    const statements = statementsOf(Properties['ResourcePolicy']);
    expect(rolesIn(denied(statements, 'CallersOnly')).toSorted()).toEqual(callers);
    expect(denied(statements, 'TlsOnly')?.Condition).toEqual({ Bool: { 'aws:SecureTransport': 'false' } });
  });
});

describe('a key', () => {
  const withoutConditions = (statements: readonly Statement[]) =>
    statements
      .filter(({ Effect, Condition }) => Effect === 'Allow' && !Condition)
      .flatMap(({ Action }) => Action);

  it('of the data is used by nobody but through services, which write what it is for', () => {
    expect(
      withoutConditions(ofKey('CustomerKey')).filter((one) => /crypt|Data|CreateGrant/.test(one)),
    ).toEqual([]);
    const [through] = ofKey('CustomerKey').filter(({ Sid }) => Sid === 'UseThroughServices');
    expect(through?.Condition).toHaveProperty(['StringEquals', 'kms:ViaService']);
    // to look at the key encrypts nothing
    const services = ofKey('CustomerKey').filter(
      ({ Principal, Action }) =>
        JSON.stringify(Principal).includes('Service') && Action !== 'kms:DescribeKey',
    );
    expect(services.map(({ Condition }) => Object.keys(Condition?.['StringLike'] ?? {}))).toEqual([
      ['kms:EncryptionContext:aws:sqs:arn'],
      ['kms:EncryptionContext:aws:sqs:arn'],
      ['kms:EncryptionContext:aws:sns:topicArn'],
      ['kms:EncryptionContext:aws:logs:arn'],
    ]);
  });

  it('of the data is looked at by CloudWatch Logs under no condition, which such a request could not meet', () => {
    const looking = ofKey('CustomerKey').filter(
      ({ Principal, Action }) =>
        JSON.stringify(Principal).includes('Service') && [Action].flat().includes('kms:DescribeKey'),
    );
    expect(looking).toEqual([expect.objectContaining({ Sid: 'LogsLook', Action: 'kms:DescribeKey' })]);
    expect(looking[0]).not.toHaveProperty('Condition');
  });

  it.each(['CustomerKey', 'LedgerKey'])('%s is kept by the role that deploys the stack', (name) => {
    const [deploying] = ofKey(name).filter(({ Sid }) => Sid === 'Deploy');
    expect(deploying?.Action).toContain('kms:PutKeyPolicy');
    expect(deploying?.Condition).toMatchObject({
      StringEquals: { 'kms:CallerAccount': { Ref: 'AWS::AccountId' } },
    });
    expect(JSON.stringify(deploying?.Condition?.['ArnEquals'])).toContain(
      ':role/cdk-hnb659fds-cfn-exec-role-',
    );
  });

  it('of the ledger signs for the sealer alone, administrators of the account left out', () => {
    expect(withoutConditions(ofKey('LedgerKey'))).not.toContain('kms:Sign');
    const signing = ofKey('LedgerKey').filter(({ Action }) => [Action].flat().includes('kms:Sign'));
    expect(signing.map(rolesIn)).toEqual([['SealLedger']]);
  });

  it('of the ledger shows its public half to the account that the settings name', () => {
    const anchored = Template.fromStack(unbundledApp({ anchorAccount: '444455556666' }).stack);
    const outside = (statements: readonly Statement[]) =>
      statements.filter(({ Principal }) => JSON.stringify(Principal).includes('444455556666'));
    expect(outside(ofKey('LedgerKey'))).toEqual([]);
    expect(outside(ofKey('LedgerKey', anchored)).map(({ Action }) => Action)).toEqual(['kms:GetPublicKey']);
  });

  it.each(['CustomerKey', 'LedgerKey'])('%s allows nothing by wildcard', (name) => {
    expect(
      ofKey(name)
        .flatMap(({ Action }) => Action)
        .filter((action) => action.includes('*')),
    ).toEqual([]);
  });
});
