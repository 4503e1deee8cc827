import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { countStatements } from '../removals/record/count-statements.ts';
import { notNeeded, notProven } from './not-proven.ts';
import { play } from './play.ts';
import { type Allowed, allowedIn, wholeStory } from './whole-story.ts';

describe('the story under the template’s own permissions', () => {
  it('is refused nothing, and needs every one that is not listed with its reason', async () => {
    const { exitCode, allowed: seen } = await wholeStory();
    expect(exitCode).toBe(0);
    expect(seen.denials).toEqual([]);
    const lines = notNeeded(seen.report);
    expect(lines.filter((line) => !notProven.some((row) => row.lines.test(line)))).toEqual([]);
    expect(notProven.filter((row) => !row.sometimes && !lines.some((line) => row.lines.test(line)))).toEqual(
      [],
    );
    expect(seen.report.proven.length).toBeGreaterThan(100);
    // no statement is left out of the record
    const { proven, notProven: others } = seen.report;
    expect(proven.length + others.length).toBe(countStatements(inject('assembly')));
  });
});

describe('a grant that is taken out of the template makes the story fail, and says who may not do what', () => {
  it.each([
    ['TakeSignal', 'dynamodb:PutItem', 'FencesTable', /dynamodb:PutItem on resource: \S*FencesTable/],
    ['PlanCase', 'sqs:SendMessage', 'ObligationsQueue', /sqs:sendmessage on resource: \S*ObligationsQueue/],
    [
      'WorkObligations',
      'secretsmanager:GetSecretValue',
      'rescind/authority/',
      /secretsmanager:GetSecretValue on resource: rescind\/authority\//,
    ],
    // through DynamoDB: a mapping by a role that may not decrypt what is in its queue stops the start
    ['WorkObligations', 'kms:Decrypt', '"dynamodb."', /kms:Decrypt on resource: arn:aws:kms:/],
  ])('%s without %s on %s', async (owner, action, resource, words) => {
    let seen: Allowed = { denials: [], logs: [], report: { proven: [], notProven: [] } };
    const { exitCode, summary } = await play({
      assembly: withoutGrant(owner, action, resource),
      acts: ['withdrawal'],
      patienceMs: 1_500,
      onEnd: ({ world }) => void (seen = allowedIn(world)),
    });
    expect(exitCode).toBe(1);
    expect(summary?.claims.every(({ ok }) => ok)).toBe(false);
    const who = new RegExp(`assumed-role/\\S*${owner}Role\\S*/\\S*${owner}Function\\S* is not authorized`);
    const refused = seen.denials.filter((denial) => words.test(denial));
    expect(refused[0]).toMatch(who);
    expect(seen.denials).toEqual(refused);
    expect(seen.logs.filter((line) => line.includes('AccessDenied')).join('\n')).toMatch(who);
  });

  it('stops the start where a queue could not be drained', async () => {
    await expect(
      play({ assembly: withoutGrant('TakeSignal', 'sqs:ReceiveMessage', 'SignalsQueue') }),
    ).rejects.toThrow(
      /TakeSignalRole\S* is not authorized to perform: sqs:receivemessage on resource: \S*SignalsQueue/,
    );
  });
});

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** A copy of the assembly, one action taken out of the policies of one function for the resources, or under the conditions, whose text has these words. */
function withoutGrant(owner: string, action: string, resource: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'rescind-without-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(inject('assembly'), folder, { recursive: true });
  const file = join(folder, 'Rescind.template.json');
  const template = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly Resources: Record<
      string,
      { readonly Type: string; readonly Properties: { PolicyDocument?: { Statement: Statement[] } } }
    >;
  };
  let taken = 0;
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    if (Type !== 'AWS::IAM::Policy' || !id.startsWith(`${owner}Role`) || !Properties.PolicyDocument) continue;
    const { PolicyDocument } = Properties;
    PolicyDocument.Statement = PolicyDocument.Statement.flatMap((statement) => {
      const [actions, resources] = [[statement.Action].flat(), [statement.Resource].flat()];
      const isWithin = JSON.stringify(statement.Condition ?? '').includes(resource);
      const others = resources.filter((one) => !isWithin && !JSON.stringify(one).includes(resource));
      const isIt = statement.Effect === 'Allow' && others.length < resources.length;
      if (!isIt || !actions.includes(action)) return [statement];
      taken += 1;
      // the CDK writes several grants as one statement: the others stay
      const rest = actions.filter((one) => one !== action);
      return [
        ...(rest.length > 0 ? [{ ...statement, Action: rest }] : []),
        ...(others.length > 0 ? [{ ...statement, Action: action, Resource: others }] : []),
      ];
    });
  }
  if (taken === 0) throw new Error(`no statement of ${owner} allows ${action} on ${resource}`);
  writeFileSync(file, JSON.stringify(template));
  return folder;
}
