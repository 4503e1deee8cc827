import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../lib/cli/program.ts';
import { eventsIn } from '../../lib/wire/events-in.ts';
import { codeBlocks, pages } from './pages.ts';

const [deployPage] = pages.map((path) => readFileSync(path, 'utf8')) as [string];
const blockWith = (text: string): string => {
  const found = codeBlocks(deployPage, 'sh').filter((block) => block.includes(text));
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} blocks of DEPLOY.md hold ${text}`);
  return found[0];
};

/** Runs a block of the page by bash, with a function in place of the AWS command line. */
const bash = (aws: string, script: string) =>
  new Promise<string>((done, fail) => {
    execFile(
      'bash',
      ['--norc', '-ec', `aws() {\n${aws}\n}\n${script}`],
      { env: { PATH: process.env['PATH'] } },
      (error, stdout) => (error ? fail(error) : done(stdout)),
    );
  });

describe('the commands of DEPLOY.md', () => {
  it('make variables of the outputs of a stack, whatever is in them', async () => {
    const outputs = {
      RescindCasesTable: 'Rescind-CasesTable7FA77C7D-1',
      RescindPlansQueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/Rescind-Plans',
      RescindSenders: `[{"source":"it's $HOME","partners":"*"}]`,
      SomethingElse: 'x',
    };
    const canned = JSON.stringify(
      Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
    );
    const printed = await bash(`cat <<'END'\n${canned}\nEND\n`, `${blockWith('describe-stacks')}\nenv`);
    const found = printed
      .split('\n')
      .filter((line) => line.startsWith('RESCIND_') || line.startsWith('SOMETHING'));
    expect(found.toSorted()).toEqual([
      `RESCIND_CASES_TABLE=${outputs.RescindCasesTable}`,
      `RESCIND_PLANS_QUEUE_URL=${outputs.RescindPlansQueueUrl}`,
      `RESCIND_SENDERS=${outputs.RescindSenders}`,
    ]);
  });

  it('announce what intake takes', async () => {
    const said = await bash('printf "%s\\n--\\n" "$4"', `RESCIND_BUS=bus\n${blockWith('put()')}`);
    const entries = said
      .split('\n--\n')
      .filter((text) => text.trim() !== '')
      .flatMap(
        (text) =>
          JSON.parse(text) as { EventBusName: string; DetailType: keyof typeof eventsIn; Detail: string }[],
      );
    expect(entries.map(({ EventBusName, DetailType }) => [EventBusName, DetailType])).toEqual([
      ['bus', 'Consent Granted'],
      ['bus', 'Consent Withdrawn'],
    ]);
    for (const { DetailType, Detail } of entries)
      expect(eventsIn[DetailType].safeParse(JSON.parse(Detail)).error).toBeUndefined();
  });

  describe('that make the policies of the deployer', () => {
    const made = (AWS: string) =>
      bash(
        AWS,
        `PARTITION=aws-us-gov ACCOUNT=111122223333 AWS_REGION=us-gov-west-1 STAGE=test\n${blockWith('create-policy').replace(/^own=[^]*/m, '')}`,
      );

    it('name partition, account, region and stage in them', async () => {
      const policies = await made('cat "${6#file://}"');
      expect(policies).toContain('arn:aws-us-gov:lambda:us-gov-west-1:111122223333:function:Rescind-*');
      expect(policies).toContain('"aws:RequestTag/rescind:stage": "test"');
      expect(policies).not.toMatch(/PARTITION|ACCOUNT|REGION|STAGE/);
    });

    // IAM has one set of names for all regions
    it('give them names with region and stage', async () => {
      expect((await made('echo "$4"')).trim().split('\n')).toEqual([
        'rescind-deployer-keeps-us-gov-west-1-test',
        'rescind-deployer-runs-us-gov-west-1-test',
      ]);
    });

    it('hand the bootstrap the ARNs of these policies, and set every value that they use', async () => {
      const values = blockWith('export PARTITION').replace(/^npm ci$/m, '');
      const given = await bash(
        ':',
        `npx() { printf '%s\\n' "$@"; }\n${values}\n${blockWith('create-policy').replace(/^for [^]*^done$/m, 'set -u')}`,
      );
      expect(given.trim().split('\n').at(-1)).toBe(
        ['keeps', 'runs']
          .map((half) => `arn:aws:iam::111122223333:policy/rescind-deployer-${half}-eu-west-1-prod`)
          .join(','),
      );
    });
  });

  const ours = [...deployPage.matchAll(/(?:^|[`$;] ?)rescind ([a-z][^;`>#\n]*)/gm)].map(([, line = '']) =>
    line.trim(),
  );

  it.each([...new Set(ours)])('know rescind %s', async (line) => {
    const [noun = '', verb = '', ...rest] = line.split(/\s+/);
    const isGroup = (await helpOf(noun)).said.includes('\nCommands:');
    const command = isGroup ? [noun, verb] : [noun];
    const { code, said } = await helpOf(...command);
    expect(code).toBe(0);
    expect(said).toContain(`Usage: rescind ${command.join(' ')} `);
    for (const flag of [verb, ...rest].filter((word) => word.startsWith('--')))
      expect(said).toContain(`${flag} `);
  });
});

async function helpOf(...command: readonly string[]): Promise<{ code: number; said: string }> {
  let said = '';
  const keep = (text: string) => void (said += text);
  const code = await runCommand([...command, '--help'], { out: keep, err: keep });
  return { code, said };
}
