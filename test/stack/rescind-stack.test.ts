import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { environment, environmentOf, type FunctionName } from '../../lib/wire/environment.ts';
import { resourceAt, resourcesOf, unbundledApp } from './unbundled.ts';

const template = Template.fromStack(unbundledApp().stack);
const names = Object.keys(environmentOf) as FunctionName[];
const pascal = (name: string) =>
  name.replace(/(?:^|[-_])([a-z])/g, (_, letter: string) => letter.toUpperCase());

describe('the tables', () => {
  const tables = Object.entries(resourcesOf(template, 'AWS::DynamoDB::Table'));

  it('are four', () => {
    expect(tables.map(([id]) => id.replace(/Table[0-9A-F]{8}$/, '')).toSorted()).toEqual([
      'Cases',
      'Fences',
      'Ledger',
      'Registry',
    ]);
  });

  it.each(tables)('%s cannot be lost by mistake', (_, table) => {
    expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(table.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  it.each(tables)('%s is encrypted with the one customer key', (_, { Properties }) => {
    const [key] = Object.keys(resourcesOf(template, 'AWS::KMS::Key'));
    expect(Properties['SSESpecification']).toEqual({
      SSEEnabled: true,
      SSEType: 'KMS',
      KMSMasterKeyId: { 'Fn::GetAtt': [key, 'Arn'] },
    });
  });

  it.each(tables)('%s lets nothing expire by itself', (_, { Properties }) => {
    expect(Properties).not.toHaveProperty('TimeToLiveSpecification');
  });

  it.each(tables)('%s has the key that the wire names', (id, { Properties }) => {
    const sortKey = id.startsWith('Fences') ? [] : [{ AttributeName: 'sk', KeyType: 'RANGE' }];
    expect(Properties['KeySchema']).toEqual([{ AttributeName: 'pk', KeyType: 'HASH' }, ...sortKey]);
  });

  it.each(['Registry', 'Cases'])('%s is swept by a sparse index that holds keys only', (name) => {
    const { Properties } = resourceAt(template, 'AWS::DynamoDB::Table', name);
    expect(Properties['GlobalSecondaryIndexes']).toEqual([
      {
        IndexName: 'due',
        KeySchema: [
          { AttributeName: 'dueShard', KeyType: 'HASH' },
          { AttributeName: 'dueAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ]);
  });

  it.each(['Fences', 'Ledger'])('%s has no index whose back-pressure could throttle a write', (name) => {
    const { Properties } = resourceAt(template, 'AWS::DynamoDB::Table', name);
    expect(Properties).not.toHaveProperty('GlobalSecondaryIndexes');
  });

  it('share a key that rotates and outlives the stack', () => {
    const encrypting = Object.values(resourcesOf(template, 'AWS::KMS::Key')).filter(
      ({ Properties }) => Properties?.['KeyUsage'] === undefined,
    );
    expect(encrypting).toEqual([
      expect.objectContaining({
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: expect.objectContaining({ EnableKeyRotation: true }) as unknown,
      }),
    ]);
  });
});

describe('the queues', () => {
  const queues = Object.entries(resourcesOf(template, 'AWS::SQS::Queue'));
  const ends = ['Rejected', 'Exhausted', 'Failed'];
  const redrives: Readonly<Record<string, number>> = { Signals: 1000, Plans: 5, Obligations: 5 };
  const nameOf = (id: string) => id.replace(/Queue[0-9A-F]{8}$/, '');

  it('are the five that the wire names, and one for what a function failed at', () => {
    expect(queues.map(([id]) => nameOf(id)).toSorted()).toEqual(
      [...Object.keys(redrives), ...ends].toSorted(),
    );
  });

  it.each(Object.entries(redrives))(
    '%s redrives to the exhausted queue after %i receives',
    (name, receivesMax) => {
      const { Properties } = resourceAt(template, 'AWS::SQS::Queue', `${name}Queue`);
      expect(Properties['RedrivePolicy']).toEqual({
        maxReceiveCount: receivesMax,
        deadLetterTargetArn: { 'Fn::GetAtt': [expect.stringMatching(/^ExhaustedQueue/), 'Arn'] },
      });
    },
  );

  it.each(ends)('%s is an end', (name) => {
    const { Properties } = resourceAt(template, 'AWS::SQS::Queue', `${name}Queue`);
    expect(Properties).not.toHaveProperty('RedrivePolicy');
  });

  it.each(queues)(
    '%s keeps messages encrypted, for 14 days or an hour, hidden six times a timeout',
    (id, { Properties }) => {
      expect(Properties).toMatchObject({
        KmsMasterKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^CustomerKey/) as string, 'Arn'] },
        // what a function failed at is told, not kept
        MessageRetentionPeriod: nameOf(id) === 'Failed' ? 3600 : 14 * 24 * 3600,
        VisibilityTimeout: 180,
      });
    },
  );

  it.each(queues)('%s refuses what does not come over TLS', (id) => {
    const ofQueue = Object.values(resourcesOf(template, 'AWS::SQS::QueuePolicy')).filter(({ Properties }) =>
      JSON.stringify(Properties['Queues']).includes(id),
    );
    expect(ofQueue.map(({ Properties }) => Properties['PolicyDocument'])).toEqual([
      expect.objectContaining({
        Statement: expect.arrayContaining([
          expect.objectContaining({
            Effect: 'Deny',
            Action: 'sqs:*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]) as unknown,
      }),
    ]);
  });
});

describe('every asynchronous target', () => {
  const toFailed = { 'Fn::GetAtt': [expect.stringMatching(/^FailedQueue/), 'Arn'] };

  it('that is a function has dead letters, and so has every other function', () => {
    const functions = Object.values(resourcesOf(template, 'AWS::Lambda::Function'));
    for (const { Properties } of functions)
      expect(Properties['DeadLetterConfig']).toEqual({ TargetArn: toFailed });
  });

  it('of the bus states its retries and its dead letters', () => {
    const rules = Object.values(resourcesOf(template, 'AWS::Events::Rule'));
    expect(rules.flatMap(({ Properties }) => Properties['Targets'])).toEqual([
      expect.objectContaining({
        RetryPolicy: { MaximumEventAgeInSeconds: 24 * 3600, MaximumRetryAttempts: 185 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/^Exhausted/), 'Arn'] } },
      }),
    ]);
  });

  it.each(Object.entries(resourcesOf(template, 'AWS::Scheduler::Schedule')))(
    'of %s states its retries and its dead letters, there and in Lambda',
    (_, { Properties }) => {
      const target = Properties['Target'] as { Arn: { 'Fn::GetAtt': [string, string] } };
      expect(Properties['FlexibleTimeWindow']).toEqual({ Mode: 'OFF' });
      expect(target).toMatchObject({
        RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 2 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/^Exhausted/), 'Arn'] } },
      });
      const invoked = Object.values(resourcesOf(template, 'AWS::Lambda::EventInvokeConfig'));
      expect(invoked.map((config) => config.Properties)).toContainEqual({
        FunctionName: { Ref: target.Arn['Fn::GetAtt'][0] },
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: 60,
        Qualifier: '$LATEST',
        DestinationConfig: { OnFailure: { Destination: toFailed } },
      });
    },
  );

  it.each([
    ['ChaseObligations', 'rate(1 minute)'],
    ['SendEvents', 'rate(1 minute)'],
    ['ReturnExhausted', 'rate(1 minute)'],
    ['MeasureDebts', 'rate(1 minute)'],
    ['KeepKeys', 'rate(1 hour)'],
  ])('%s beats at %s', (name, expression) => {
    const { Properties } = resourceAt(template, 'AWS::Scheduler::Schedule', name);
    expect(Properties).toMatchObject({ ScheduleExpression: expression, State: 'ENABLED' });
  });

  it.each([
    ['Signals', 'TakeSignal'],
    ['Plans', 'PlanCase'],
    ['Obligations', 'WorkObligations'],
  ])('%s is drained by %s, message by message, unfiltered', (queue, worker) => {
    const { Properties } = resourceAt(template, 'AWS::Lambda::EventSourceMapping', `${queue}Drain`);
    expect(Properties).toEqual({
      BatchSize: 10,
      EventSourceArn: { 'Fn::GetAtt': [expect.stringMatching(`^${queue}Queue`), 'Arn'] },
      FunctionName: { Ref: expect.stringMatching(`^${worker}Function`) as string },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: queue === 'Plans' ? 20 : 50 },
    });
  });
});

describe('the bus', () => {
  it('turns every event but our own into a signal', () => {
    const rules = Object.values(resourcesOf(template, 'AWS::Events::Rule'));
    expect(rules.map(({ Properties }) => Properties)).toEqual([
      expect.objectContaining({
        EventPattern: { source: [{ 'anything-but': ['rescind'] }] },
        EventBusName: { Ref: expect.stringMatching(/^SignalBus/) as string },
      }),
    ]);
  });
});

describe('the functions', () => {
  it('are those of the wire', () => {
    expect(Object.keys(resourcesOf(template, 'AWS::Lambda::Function'))).toHaveLength(names.length);
  });

  it.each(names)('%s reads only its environment', (name) => {
    const { Properties } = resourceAt(template, 'AWS::Lambda::Function', `${pascal(name)}Function`);
    const { Variables } = Properties['Environment'] as { Variables: Record<string, unknown> };
    expect(Object.keys(Variables).toSorted()).toEqual(Object.keys(environmentOf[name].shape).toSorted());
  });

  it.each(names)('%s runs as the design says', (name) => {
    const { Properties } = resourceAt(template, 'AWS::Lambda::Function', `${pascal(name)}Function`);
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: 30,
      MemorySize: 512,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: {
        LogFormat: 'JSON',
        LogGroup: { Ref: expect.stringMatching(`^${pascal(name)}Logs`) as string },
      },
    });
  });

  it.each(Object.entries(resourcesOf(template, 'AWS::Logs::LogGroup')))('%s keeps a year', (_, group) => {
    expect(group).toMatchObject({ DeletionPolicy: 'Retain', Properties: { RetentionInDays: 365 } });
  });
});

describe('a deploy', () => {
  it.each(['HandleKey', 'FingerprintKey'])('leaves the value of %s to keep-keys', (name) => {
    const secret = resourceAt(template, 'AWS::SecretsManager::Secret', name);
    expect(secret).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(Object.keys(secret.Properties).toSorted()).toEqual(['Description', 'KmsKeyId']);
  });

  it('runs no code of its own and rotates nothing', () => {
    const types = Object.values(template.toJSON()['Resources'] as Record<string, { Type: string }>);
    expect(
      types.filter(({ Type }) => /^Custom::|CustomResource|RotationSchedule|::Macro/.test(Type)),
    ).toEqual([]);
  });

  it('tells the command line every variable of the wire', () => {
    const outputs = Object.keys(template.findOutputs('*'));
    expect(outputs).toEqual(
      expect.arrayContaining(Object.keys(environment.shape).map((name) => pascal(name.toLowerCase()))),
    );
    expect(outputs).toContain('RescindCasesTable');
    expect(outputs).toContain('RescindExhaustedQueueUrl');
  });
});
