import { existsSync, rmSync } from 'node:fs';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { Clock } from '../../cloud/clock.ts';
import { startWorld } from '../../cloud/world.ts';
import { notProven } from '../../journey/not-proven.ts';
import { copyWith } from '../copies/take-out.ts';
import { countStatements } from './count-statements.ts';
import { type RawTemplate, readRawTemplate } from '../find-statements.ts';
import { listRemovals, readPolicies } from '../list-removals.ts';

import { stateRecord } from './state-record.ts';
import { withGrant } from '../with-grant.ts';

async function recordOf(assembly: string) {
  const world = await startWorld({ assembly, clock: new Clock() });
  onTestFinished(() => world.close());
  return stateRecord(world.iam.report(), notProven);
}

describe('the record', () => {
  it('says of every statement of the template whether it was needed, and counts none twice', async () => {
    const assembly = inject('assembly');
    const { statements, proven, notProven: none } = await recordOf(assembly);
    expect(proven + none.length).toBe(countStatements(assembly));
    expect(statements).toBe(countStatements(assembly));
    expect(new Set(none.map(({ id }) => id)).size).toBe(none.length);
    // the start alone needs some: roles are assumed, queues are drained
    expect(proven).toBeGreaterThan(0);
  });

  it('names a grant for which nobody gave a reason', async () => {
    const assembly = copyWith(inject('assembly'), (template) => withGrant(template, 'sqs:PurgeQueue'));
    onTestFinished(() => rmSync(assembly, { recursive: true }));
    const { statements, unexplained } = await recordOf(assembly);
    expect(statements).toBe(countStatements(assembly));
    expect(statements).toBe(countStatements(inject('assembly')) + 1);
    expect(unexplained.filter((line) => line.includes('PurgeQueue'))).toEqual([
      expect.stringMatching(/^TakeSignalRole allows sqs:PurgeQueue on /),
    ]);
  });
});

it('a statement that the local cloud does not enforce is missed, not passed over', () => {
  const template = readRawTemplate(inject('assembly'));
  const [table] = Object.entries(template.Resources).filter(
    ([, { Type }]) => Type === 'AWS::DynamoDB::Table',
  );
  const [id = '', resource] = table ?? [];
  const statement = { Effect: 'Allow', Principal: '*', Action: 'dynamodb:Scan', Resource: '*' };
  // where nobody reads a policy
  const Tags = [{ Key: 'policy', Value: { Statement: [statement] } }];
  const changed: RawTemplate = {
    ...template,
    Resources: {
      ...template.Resources,
      [id]: { Type: '', ...resource, Properties: { ...resource?.Properties, Tags } },
    },
  };
  expect(() => readPolicies(changed)).not.toThrow();
  expect(() => listRemovals(changed)).toThrow(`Not enforced: ${id}[0]`);
});

it('every test file that is said to show a statement is there', () => {
  const files = notProven.flatMap(({ shownBy = [] }) => shownBy);
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});
