import { describe, expect, it } from 'vitest';
import { decide } from './language/evaluate.ts';
import type { Principal } from './language/principal.ts';
import { createRecord } from './record.ts';
import { account, role, statementsOf, user } from './language/statements.ts';

const queue = `arn:aws:sqs:eu-west-1:${account}:plans`;
const identity = statementsOf(
  'Worker',
  'identity',
  { Effect: 'Allow', Action: ['sqs:SendMessage', 'sqs:ReceiveMessage'], Resource: queue },
  { Effect: 'Allow', Action: 'sqs:Get*', Resource: queue },
  { Sid: 'Never', Effect: 'Deny', Action: ['sqs:PurgeQueue', 'sqs:DeleteQueue'], Resource: '*' },
  { Effect: 'Allow', NotAction: 'sqs:*', Resource: '*' },
);
const asks = (action: string, principal: Principal = role) => ({
  principal,
  action,
  resource: queue,
  context: new Map(),
});

describe('a record', () => {
  it('tells which statements were needed, by whom and for what, and which were not', () => {
    const record = createRecord(identity);
    for (const asked of [
      asks('sqs:SendMessage'),
      asks('sqs:SendMessage'),
      asks('sqs:SendMessage', user),
      asks('sqs:PurgeQueue'),
      asks('sqs:CreateQueue'),
    ])
      record.note(asked, decide(asked, { identity, resource: [] }));
    const { proven, notProven } = record.report();
    expect(proven).toEqual([
      {
        id: 'Worker[0]',
        effect: 'Allow',
        calls: 3,
        uses: [
          `sqs:SendMessage on ${queue} by arn:aws:iam::${account}:user/ada`,
          `sqs:SendMessage on ${queue} by ${role.session}`,
        ],
        idle: [{ action: 'sqs:ReceiveMessage', resource: queue }],
      },
      {
        id: 'Worker[Never]',
        effect: 'Deny',
        calls: 1,
        uses: [`sqs:PurgeQueue on ${queue} by ${role.session}`],
        idle: [{ action: 'sqs:DeleteQueue', resource: '*' }],
      },
    ]);
    expect(notProven).toEqual([
      {
        id: 'Worker[1]',
        effect: 'Allow',
        calls: 0,
        uses: [],
        idle: [{ action: 'sqs:Get*', resource: queue }],
      },
      { id: 'Worker[3]', effect: 'Allow', calls: 0, uses: [], idle: [] },
    ]);
  });

  it('finds a pattern needed by any action that it names', () => {
    const record = createRecord(identity);
    const asked = asks('sqs:GetQueueUrl');
    record.note(asked, decide(asked, { identity, resource: [] }));
    expect(record.report().proven).toMatchObject([{ id: 'Worker[1]', idle: [] }]);
  });

  it('takes no statement that is not on it, and no two of one name', () => {
    const record = createRecord(identity.slice(1));
    expect(() => record.note(asks('sqs:SendMessage'), { allowed: true, by: ['Worker[0]'] })).toThrow(
      'No statement Worker[0] is on record.',
    );
    expect(() => createRecord([...identity, ...identity])).toThrow('Two statements have one id');
  });
});
