import { fileURLToPath } from 'node:url';
import { startVitest } from 'vitest/node';
import { endPlayed } from './played.ts';

// tsx test/removals/copies/test-copy.ts ASSEMBLY FILE: runs a test file on a copy of the assembly; the last line of stdout is
// what was seen (`Played`).

const [assembly = '', file = ''] = process.argv.slice(2);
process.env['RESCIND_ASSEMBLY'] = assembly;
const vitest = await startVitest('test', [file], {
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  watch: false,
  // one is enough, and each that fails may wait in vain for long
  bail: 1,
  reporters: ['default'],
});
const modules = vitest.state.getTestModules();
const tests = modules.flatMap((module) => [...module.children.allTests()]);
const failed = tests.filter((test) => test.result().state === 'failed').map((test) => test.fullName);
// a file that could not be read has no test that failed
const broken = modules
  .filter((module) => failed.length === 0 && !module.ok())
  .map((module) => module.moduleId);
const errors = vitest.state.getUnhandledErrors().map(String);
await vitest.close();
const nothing = tests.length === 0 ? [`${file} has no test`] : [];
endPlayed({
  failed: [...failed, ...broken, ...errors, ...nothing],
  broken: failed.length === 0 && broken.length + nothing.length > 0,
});
