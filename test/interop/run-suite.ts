import { fileURLToPath } from 'node:url';
import { startVitest, type TestModule } from 'vitest/node';
import { contracts } from './capabilities.ts';
import { folderVariable, type HandedOut, readOut } from './hand-over.ts';

/** Runs interop.suite.ts against the server that was handed in, and counts the contracts. */
export async function runSuite(
  folder: string,
): Promise<{ readonly ok: boolean; readonly handedOut: HandedOut }> {
  process.env[folderVariable] = folder;
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  // its own configuration: the suite needs nothing that the project's global setup makes
  const vitest = await startVitest('test', [], {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    config: false,
    watch: false,
    include: ['test/interop/interop.suite.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  });
  const modules = vitest.state.getTestModules();
  const ok = modules.length > 0 && modules.every((module) => module.ok());
  const broken = vitest.state.getUnhandledErrors().length > 0;
  const counted = Object.fromEntries(
    Object.values(contracts).map(({ id, title }) => [id, countContract(modules, title)]),
  );
  await vitest.close();
  // what vitest thinks of the exit code is the runner's to decide
  process.exitCode = 0;
  const { version, observations } = readOut(folder);
  return { ok: ok && !broken, handedOut: { version, observations: { ...observations, ...counted } } };
}

function countContract(modules: readonly TestModule[], title: string): HandedOut['observations'][string] {
  const counts = { passed: 0, failed: 0 };
  for (const module of modules)
    for (const test of module.children.allTests()) {
      if (!test.fullName.includes(title)) continue;
      const { state } = test.result();
      if (state === 'passed' || state === 'failed') counts[state] += 1;
    }
  const all = counts.passed + counts.failed;
  return {
    verdict: counts.failed === 0 && all > 0 ? 'seen' : 'not seen',
    said: `${counts.passed} of ${all} tests hold.`,
  };
}
