import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { takeAssembly } from '../cloud/cloudformation/cached-assembly.ts';
import { ownContext } from '../story/own-context.ts';
import { notProven } from '../journey/not-proven.ts';
import { readRawTemplate } from './find-statements.ts';
import { listRemovals, sampleOf } from './list-removals.ts';
import { openResults } from './results.ts';
import { summarize, summaryLines } from './summarize.ts';
import { planRemovals, tryRemovals } from './try-removals.ts';

// npm run removals -- [--only WORDS] [--sample N --seed S] [--resume FILE] [--list] [--json]
// Takes each action on each resource of each statement out of a copy of the template, by itself, and sees the story (or the test
// file that not-proven.ts names) fail for it. Exit codes as of the CLI: 0 done, 1 a check failed, 2 usage.

const positive = (text: string): number => {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('A whole number above 0.');
  return Number(text);
};

const program = new Command('npm run removals --')
  .description('Takes each grant out of a copy of the template, by itself, and sees the story fail for it.')
  .option('--only <words>', 'those whose line contains these words')
  .option('--story', 'those alone that the story shows: it takes a few seconds for each, a test file more')
  .option('--sample <n>', 'so many of those that something here can show, chosen by the seed', positive)
  .option('--seed <text>', 'of the sample [default: a new one, which is printed]')
  .option('--list', 'print what would be taken out, one a line, and play nothing')
  .option('--resume <file>', 'keep the results in this file, and go on from those that are in it')
  .option('--assembly <folder>', 'use this cdk.out instead of synthesizing one')
  .addOption(new Option('--jobs <n>', 'at a time').choices(['1', '2']).default('1'))
  .option('--json', 'print a summary as one line of JSON, the last of stdout')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();
const options = program.opts<{
  only?: string;
  story?: boolean;
  sample?: number;
  seed?: string;
  list?: boolean;
  resume?: string;
  assembly?: string;
  jobs: '1' | '2';
  json?: boolean;
}>();
if (options.seed !== undefined && options.sample === undefined)
  program.error('error: --seed is of a --sample: say how many');
if (options.assembly !== undefined && !existsSync(join(options.assembly, 'manifest.json')))
  program.error(`error: ${options.assembly} holds no assembly: run npm run synth, which writes cdk.out`);

const out = (line: string) => void process.stdout.write(`${line}\n`);
const say = (line: string) => void process.stderr.write(`${line}\n`);
const folder = mkdtempSync(join(tmpdir(), 'rescind-removals-'));
const assembly = options.assembly ?? join(folder, 'cdk.out');
// what it started ends with it: run-on-copy.ts waits for `exit`
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

try {
  if (options.assembly === undefined) await takeAssembly(assembly, ownContext);
  const chosen = listRemovals(readRawTemplate(assembly)).filter(({ line }) =>
    line.includes(options.only ?? ''),
  );
  if (chosen.length === 0) throw new Error(`no line contains ${JSON.stringify(options.only)}: see --list`);
  if (options.list) for (const { line } of chosen) out(line);
  else process.exitCode = await tryChosen(chosen);
} catch (error) {
  say(`npm run removals: ${error instanceof Error ? error.message : String(error)}`);
  // whatever is still being played is of no use any more
  process.exit(1);
}

type Planned = Awaited<ReturnType<typeof planRemovals>>;

async function tryChosen(chosen: ReturnType<typeof listRemovals>): Promise<number> {
  const jobs = Number(options.jobs);
  const file = options.resume ?? join(tmpdir(), `rescind-removals-${randomBytes(4).toString('hex')}.jsonl`);
  const results = openResults(file, assembly);
  say(`The results are kept in ${file}: --resume with that file goes on where this run ends.`);
  const planned = await planRemovals(chosen, { assembly, rows: notProven, say });
  const shown = options.story ? planned.flatMap(playedAlone) : planned;
  const seed = options.sample === undefined ? null : (options.seed ?? randomBytes(4).toString('hex'));
  if (seed !== null) say(`The seed of the sample is ${seed}: --seed ${seed} chooses the same again.`);
  const drawn = seed === null ? shown : drawSample(shown, options.sample ?? 0, seed);
  const verdicts = await tryRemovals(drawn, { assembly, rows: notProven, jobs, results, say });
  const summary = summarize(verdicts, seed);
  for (const line of summaryLines(summary)) (options.json ? say : out)(line);
  if (options.json) out(JSON.stringify(summary));
  return summary.ok ? 0 : 1;
}

function playedAlone(plan: Planned[number]): Planned {
  const ons = plan.ons.filter((on) => !on.endsWith('.test.ts'));
  return ons.length > 0 ? [{ ...plan, ons }] : [];
}

function drawSample(plans: Planned, size: number, seed: string): Planned {
  const byKey = new Map(plans.map((plan) => [plan.removal.key, plan]));
  const shown = plans.filter(({ ons }) => ons.length > 0).map(({ removal }) => removal);
  return sampleOf(shown, size, seed).flatMap(({ key }) => byKey.get(key) ?? []);
}
