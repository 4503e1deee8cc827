import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { takeAssembly } from '../../cloud/cloudformation/cached-assembly.ts';
import { ownContext } from '../../story/own-context.ts';
import { notProven } from '../../journey/not-proven.ts';
import { countStatements } from './count-statements.ts';
import { playForRecord } from './play-for-record.ts';
import { recordLines, stateRecord } from './state-record.ts';

// npm run record -- [--assembly FOLDER] [--json]
// Plays the story and says of each statement of the template whether it was needed. Exit codes as of the CLI: 0 done, 1 a check
// failed, 2 usage.

const program = new Command('npm run record --')
  .description(
    'Says of each statement of the template whether the story needs it, and if not, why it is there.',
  )
  .option('--assembly <folder>', 'use this cdk.out instead of synthesizing one')
  .option('--json', 'print one line of JSON')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();
const options = program.opts<{ assembly?: string; json?: boolean }>();
if (options.assembly !== undefined && !existsSync(join(options.assembly, 'manifest.json')))
  program.error(`error: ${options.assembly} holds no assembly: run npm run synth, which writes cdk.out`);

const folder = options.assembly ?? mkdtempSync(join(tmpdir(), 'rescind-record-'));
try {
  if (options.assembly === undefined) await takeAssembly(folder, ownContext);
  const { failed, report } = await playForRecord(folder);
  const record = stateRecord(report, notProven);
  const counted = countStatements(folder);
  const problems = [
    ...failed,
    ...record.unexplained.map((line) => `${line}: no row of test/journey/not-proven.ts says why it is there`),
    ...(counted === record.statements
      ? []
      : [`the template has ${counted} statements, and the local cloud enforces ${record.statements}`]),
  ];
  const lines = options.json ? [JSON.stringify(record)] : recordLines(record);
  process.stdout.write(`${lines.join('\n')}\n`);
  for (const problem of problems) process.stderr.write(`npm run record: ${problem}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  if (options.assembly === undefined) rmSync(folder, { recursive: true, force: true });
}
