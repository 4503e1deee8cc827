import { Command, InvalidArgumentError } from 'commander';
import { AwsError } from '../../../../service.ts';
import { compilePattern } from '../pattern.ts';
import { knownCases, unknownCases } from '../cases.ts';
import { judge, missingCommands } from './judge.ts';
import { makePairs, type Pair } from './pairs.ts';

// npm run test:patterns -- [--pairs NUMBER] [--seed NUMBER]
// Compares our event patterns with AWS's own engine (github.com/aws/event-ruler), which Maven fetches. The answers in
// `cases.ts` have to be that engine's; whatever pattern we take, it has to take, and to judge events as we do.
// Which version of the engine EventBridge itself runs is not published; `pom.xml` names the one asked here.

/** With a smaller share of matches, of mismatches or of unknown patterns the pairs would show little. */
const shareMin = 0.1;

const { pairs: count, seed } = new Command('npm run test:patterns --')
  .description("Holds our event patterns against AWS's own engine.")
  .option('--pairs <number>', 'how many are made', readCount, 20_000)
  .option('--seed <number>', 'which are made', readCount, 1)
  .parse()
  .opts<{ pairs: number; seed: number }>();

const missing = missingCommands();
if (missing.length > 0) console.log(`skipped: it needs Java and Maven; not found: ${missing.join(', ')}`);
else compare();

function compare(): void {
  const cases = [...knownCases, ...unknownCases];
  const pairs = [...cases.map(({ pattern, event }): Pair => [pattern, event]), ...makePairs(count, seed)];
  const answers = judge(pairs);
  const stale = cases.filter(({ aws }, index) => aws !== answers[index]);
  for (const { what, aws } of stale) console.log(`not what AWS says of ${what}: ${aws}`);

  const tally = { matches: 0, mismatches: 0, unknown: 0, different: 0 };
  pairs.forEach((pair, index) => {
    const ours = say(pair);
    if (ours === 'unknown') tally.unknown++;
    else if (ours === answers[index]) tally[ours ? 'matches' : 'mismatches']++;
    else if (++tally.different <= 10)
      console.log(`ours ${ours}, AWS ${answers[index]}: ${JSON.stringify(pair)}`);
  });
  const { matches, mismatches, unknown, different } = tally;
  console.log(
    `${cases.length} cases, ${stale.length} not as AWS says; with ${count} pairs of seed ${seed}: ` +
      `${matches} matches, ${mismatches} mismatches, ${unknown} patterns unknown here, ${different} differences`,
  );
  const isThin = [matches, mismatches, unknown].some((number) => number < count * shareMin);
  if (isThin) console.log(`the pairs show little: one of these is less than ${shareMin * 100} % of them`);
  if (isThin || stale.length > 0 || different > 0) process.exitCode = 1;
}

function say([pattern, event]: Pair): boolean | 'unknown' {
  try {
    return compilePattern(asParsed(pattern))(asParsed(event));
  } catch (error) {
    if (error instanceof AwsError) return 'unknown';
    throw error;
  }
}

/** A value as it comes out of JSON text, which is what AWS's engine reads. */
function asParsed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function readCount(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It must be a number from 1 to 9999999.');
  return Number(text);
}
