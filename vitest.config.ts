import { defineConfig } from 'vitest/config';
import { systemTests } from './test/system-tests.ts';

const system = systemTests(import.meta.dirname);

export default defineConfig({
  test: {
    // the functions deploy on Node 24; the SDK's notice about Node 20 is for others
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // generous: these bound a hang, they measure nothing
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // no suite replaces a module or leaves a world behind; a process for each file would load the CDK and the SDK again and again
    isolate: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...system],
          execArgv: permissions(),
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: [...system],
          globalSetup: ['test/synthesize.ts'],
          // npm run removals asks what was refused
          setupFiles: process.env['RESCIND_REFUSALS'] ? ['test/removals/copies/tell-refusals.ts'] : [],
        },
      },
    ],
  },
});

/**
 * Node itself refuses a unit test a thread or a process ("Access to this API has been restricted"): whatever needs one imports
 * `node:worker_threads` or `node:child_process`, by which `systemTests` finds it.
 */
function permissions(): string[] {
  const flag = ['--permission', '--experimental-permission'].find((one) =>
    process.allowedNodeEnvironmentFlags.has(one),
  );
  // classic-level, which dynalite loads, is an addon
  const quiet = ['ExperimentalWarning', 'SecurityWarning'].map((name) => `--disable-warning=${name}`);
  return [flag ?? '', '--allow-fs-read=*', '--allow-fs-write=*', '--allow-addons', ...quiet];
}
