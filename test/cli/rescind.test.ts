import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { callerOf } from '../story/operator.ts';
import { setStage, type Stage } from '../story/stage.ts';
import { runBundled } from './run-bundled.ts';

/** The command as an operator runs it, against a running local cloud. */
describe('rescind', () => {
  let stage: Stage;
  let environment: Readonly<Record<string, string>>;
  beforeAll(async () => {
    stage = await setStage({ assembly: inject('assembly') });
    const { endpoint, region, credentials } = callerOf(stage.world, 'reader');
    environment = {
      AWS_REGION: region,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      RESCIND_REGISTRY_TABLE: stage.world.environment['RESCIND_REGISTRY_TABLE'] ?? '',
      ...Object.fromEntries(
        [
          'RESCIND_FENCES_TABLE',
          'RESCIND_CASES_TABLE',
          'RESCIND_LEDGER_TABLE',
          'RESCIND_LEDGER_KEY',
          'RESCIND_LEDGER_ORIGIN',
          'RESCIND_OPERATE_URL',
          'RESCIND_REJECTED_QUEUE_URL',
          'RESCIND_EXHAUSTED_QUEUE_URL',
        ].map((name) => [name, stage.world.environment[name] ?? '']),
      ),
    };
    await stage.bank.withdraw('consent-x');
    await stage.world.settle();
  });
  afterAll(() => stage.close());

  const run = (args: readonly string[], change: Readonly<Record<string, string | undefined>> = {}) =>
    runBundled(args, { AWS_EC2_METADATA_DISABLED: 'true', ...environment, ...change });
  const id = 'consent-withdrawn/consent-x/1/1';

  it('shows a case to people and, as one line of JSON, to programs', async () => {
    const people = await run(['case', 'show', id]);
    expect(people).toMatchObject({ code: 0, stderr: '' });
    expect(people.stdout).toContain('state     closed: its walk found no credential that had to die\n');
    const program = await run(['case', 'show', id, '--json']);
    expect(program.stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(program.stdout)).toMatchObject({ id, state: 'closed', planned: 0, open: 0 });
  });

  it('prints the public keys and nothing private', async () => {
    const { code, stdout } = await run(['keys', 'show', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ keys: [{ kty: 'EC', use: 'enc' }] });
    expect(stdout).not.toContain('"d"');
  });

  it('prints the entries of a case, exports the ledger, and verifies the export offline', async () => {
    const trail = await run(['ledger', 'show', '--case', id]);
    expect(trail.stdout).toMatch(/withdrawn[\s\S]*fence\/consent\/consent-x: - -> 1[\s\S]*closed/);
    expect((await stage.world.invoke('seal-ledger', {})).ok).toBe(true);
    const folder = mkdtempSync(join(tmpdir(), 'rescind-cli-'));
    const [exported, key] = [join(folder, 'ledger.jsonl'), join(folder, 'key.json')];
    const { stdout } = await run(['ledger', 'export']);
    writeFileSync(exported, stdout);
    writeFileSync(key, (await run(['ledger', 'key'])).stdout);
    const offline = {
      AWS_REGION: undefined,
      AWS_ENDPOINT_URL: undefined,
      AWS_ACCESS_KEY_ID: undefined,
      RESCIND_LEDGER_TABLE: undefined,
    };
    const verified = await run(['ledger', 'verify', exported, '--key', key, '--json'], offline);
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, unsealed: [] });
    writeFileSync(exported, stdout.replace('\\"by\\":\\"customer\\"', '\\"by\\":\\"nobody\\"'));
    const tampered = await run(['ledger', 'verify', exported, '--key', key], offline);
    expect(tampered.code).toBe(1);
    expect(tampered.stdout).toContain('edited');
    rmSync(folder, { recursive: true });
  });

  it('cuts a partner off in one command, and status says that nothing is left alive', async () => {
    const order = ['plan', '--partner', 'acme', '--reason', 'key leaked', '--execute', '--json'];
    const done = await run(order);
    expect(done.code).toBe(0);
    const result = JSON.parse(done.stdout) as { case: string };
    expect(result).toMatchObject({
      kind: 'executed',
      state: 'closed',
      open: 0,
      planned: 1,
      preview: { partner: 'acme', count: 1 },
    });
    const shown = await run(['case', 'show', result.case]);
    expect(shown.stdout).toMatch(
      /state     closed: each obligation is dead or waived\n.*\nfence     .* raised by emergency-ordered\/acme\//,
    );
    expect((await stage.world.invoke('seal-ledger', {})).ok).toBe(true);
    const status = await run(['status', '--json']);
    expect(status.code).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({
      ...{ ok: true, cases: 0, exhausted: 0, rejected: 0 },
      ledger: { waiting: { count: 0 }, checkpointAt: expect.stringMatching(/^20/) as string },
    });
  });

  it.each([
    ['two subjects at once', ['ledger', 'show', '--case', 'a', '--partner', 'b'], {}, 2, 'exactly one of'],
    ['a consent without its generation', ['ledger', 'show', '--consent', 'a'], {}, 2, '<id>@<generation>'],
    ['no entries', ['ledger', 'show', '--partner', 'nobody'], {}, 1, 'no entry under partner/nobody'],
    [
      'an export that is not there',
      ['ledger', 'verify', '/nowhere', '--key', '/nowhere'],
      {},
      2,
      '--key /nowhere cannot be read',
    ],
    ['a case that does not exist', ['case', 'show', 'nope'], {}, 1, 'ids look like'],
    ['an unknown command', ['nope'], {}, 2, 'unknown command'],
    [
      'no tables in the environment',
      ['case', 'show', id],
      { RESCIND_CASES_TABLE: undefined },
      2,
      'set RESCIND_CASES_TABLE',
    ],
    ['no region', ['case', 'show', id], { AWS_REGION: undefined }, 2, 'set AWS_REGION'],
    [
      'no credentials',
      ['case', 'show', id],
      { AWS_ACCESS_KEY_ID: undefined },
      2,
      'no AWS credentials were found',
    ],
    [
      'keys that AWS does not know',
      ['case', 'show', id],
      { AWS_ACCESS_KEY_ID: 'AKIAWRONG' },
      3,
      'security token',
    ],
    ['a table that is not there', ['case', 'show', id], { RESCIND_CASES_TABLE: 'nope' }, 3, 'no such table'],
    [
      'an endpoint where nothing listens',
      ['case', 'show', id],
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
      5,
      'ECONNREFUSED',
    ],
  ])('with %s prints one line of error, and ends with its exit code', async (_, args, change, code, says) => {
    const ended = await run(args, change);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(says);
    expect(ended.stdout).toBe('');
    expect(ended.stderr).not.toContain('    at ');
  });
});
