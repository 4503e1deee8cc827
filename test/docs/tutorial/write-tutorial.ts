import { writeFileSync } from 'node:fs';
import { start } from '../../story/start.ts';
import { playTutorial } from './play-tutorial.ts';
import { readPage } from './run-line.ts';

// npm run tutorial: captures the outputs of the tutorial anew from a world in which the story was played.
const page = 'lib/cli/TUTORIAL.md';
const say = (line: string) => void process.stderr.write(`${line}\n`);
process.exitCode = await start({
  json: false,
  stdout: say,
  stderr: say,
  onEnd: async (stage) => writeFileSync(page, await playTutorial(readPage(page), stage)),
});
