import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';

const program = new Command('npm start --')
  .description('Plays all five jobs on the stack that deploys, without an AWS account.')
  .option('--json', 'print a summary as one line of JSON, the last of stdout; the timeline goes to stderr')
  .option('--verbose', 'print every claim, not one line for each job')
  .option('--serve', 'leave the world up after the story, and print export lines to reach it')
  .option('--assembly <folder>', 'play on this cdk.out instead of synthesizing one')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();

const {
  json = false,
  serve = false,
  verbose = false,
  assembly,
} = program.opts<{
  json?: boolean;
  serve?: boolean;
  verbose?: boolean;
  assembly?: string;
}>();
if (assembly !== undefined && !existsSync(join(assembly, 'manifest.json')))
  program.error(`error: ${assembly} holds no assembly: run npm run synth, which writes cdk.out`);

const stdout = (line: string) => void process.stdout.write(`${line}\n`);
const stderr = (line: string) => void process.stderr.write(`${line}\n`);

// first a word, then the imports: the CDK and the servers take seconds to load
(json ? stderr : stdout)(
  'Rescind plays its five jobs on the stack that deploys, on this machine, without an AWS account.',
);
const { start } = await import('../test/story/start.ts');

process.exitCode = await start({ json, serve, verbose, assembly, stdout, stderr });
