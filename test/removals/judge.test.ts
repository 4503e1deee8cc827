import { describe, expect, it } from 'vitest';
import type { NotProven } from '../journey/not-proven.ts';
import type { RawTemplate } from './find-statements.ts';
import { judgeAttempt, judgeRemoval, planRemoval } from './judge.ts';
import { listRemovals, readPolicies, type Removal, sampleOf } from './list-removals.ts';
import { summarize } from './summarize.ts';

const table = 'arn:aws:dynamodb:eu-west-1:000000000000:table/t';
const roleArn = 'arn:aws:iam::000000000000:role/worker';
const template: RawTemplate = {
  Resources: {
    WorkerRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'worker',
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: {
            Effect: 'Allow',
            Principal: { Service: 'lambda.amazonaws.com' },
            Action: 'sts:AssumeRole',
          },
        },
      },
    },
    WorkerPolicy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'p',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: table },
            { Effect: 'Deny', Action: 'dynamodb:DeleteItem', Resource: table },
          ],
        },
        Roles: ['worker'],
      },
    },
  },
};
const policies = readPolicies(template);
const removals = listRemovals(template);
const removalOf = (words: string): Removal => {
  const found = removals.find(({ line }) => line.includes(words));
  if (!found) throw new Error(`nothing to take out is called ${words}`);
  return found;
};
const grant = removalOf('allows dynamodb:PutItem');
const prohibition = removalOf('denies dynamodb:DeleteItem');

const refusal = (action: string, resource = table) => ({
  principal: { kind: 'role', arn: roleArn, session: 's' } as const,
  ...{ action, resource, message: `may not ${action}` },
});
const judge = (removal: Removal, failed: string[], refused: ReturnType<typeof refusal>[]) =>
  judgeAttempt({ removal }, { failed, refused }, policies).outcome;

describe('a grant that was taken out', () => {
  it('is needed where the story fails and somebody was refused just that', () => {
    expect(judge(grant, ['claim'], [refusal('dynamodb:PutItem')])).toBe('failed');
  });

  it.each([
    ['another action', refusal('dynamodb:GetItem')],
    ['another resource', refusal('dynamodb:PutItem', `${table}2`)],
    [
      'somebody else',
      {
        ...refusal('dynamodb:PutItem'),
        principal: { kind: 'service', name: 'lambda.amazonaws.com' } as const,
      },
    ],
  ])('has no verdict where the story fails and what was refused is of %s', (_, other) => {
    expect(judgeAttempt({ removal: grant }, { failed: ['claim'], refused: [other] }, policies).outcome).toBe(
      'no-verdict',
    );
  });

  it('was refused, and survives not, where the story found another way', () => {
    expect(judge(grant, [], [refusal('dynamodb:PutItem')])).toBe('refused');
  });

  it('survives where nothing fails and nobody was refused', () => {
    expect(judge(grant, [], [])).toBe('survived');
  });
});

describe('a prohibition that was taken out', () => {
  it('is shown by a test that fails, since nobody is refused any more', () => {
    expect(judge(prohibition, ['a test'], [])).toBe('failed');
    expect(judge(prohibition, [], [])).toBe('survived');
  });

  it('has no verdict where the test file could not be run', () => {
    const attempt = { failed: ['no such file'], broken: true, refused: [] };
    expect(judgeAttempt({ removal: prohibition }, attempt, policies).outcome).toBe('no-verdict');
  });
});

describe('what is played for a removal', () => {
  const row: NotProven = { lines: /PutItem|DeleteItem/, because: 'r', shownBy: 'a.test.ts' };

  it('is the act that needs it first, by itself, then the story', () => {
    expect(planRemoval(grant, { [grant.key]: 'expiry' }, []).ons).toEqual(['expiry', 'story']);
  });

  it('is the test file of its row, where no story needs it', () => {
    expect(planRemoval(grant, {}, [row]).ons).toEqual(['a.test.ts']);
    expect(planRemoval(grant, {}, []).ons).toEqual(['story']);
  });

  it('is nothing where nothing local can show it, and the reason is told', () => {
    const plan = planRemoval(grant, {}, [{ lines: /PutItem/, because: 'nothing is traced' }]);
    expect(judgeRemoval(plan, [])).toMatchObject({ outcome: 'not-proven', seen: 'nothing is traced' });
  });

  it('is missed for a prohibition without a row: that survives', () => {
    const verdict = judgeRemoval(planRemoval(prohibition, {}, []), []);
    expect(verdict).toMatchObject({ outcome: 'survived', seen: expect.stringContaining('not-proven.ts') });
    expect(summarize([verdict], null)).toMatchObject({ ok: false, outcomes: { survived: 1 } });
  });
});

describe('a sample', () => {
  const keys = Array.from({ length: 50 }, (_, index) => ({ key: `k${index}` }));

  it('is the same for the same seed, and another for another', () => {
    expect(sampleOf(keys, 5, 'a')).toEqual(sampleOf(keys.toReversed(), 5, 'a'));
    expect(sampleOf(keys, 5, 'a')).not.toEqual(sampleOf(keys, 5, 'b'));
  });
});
