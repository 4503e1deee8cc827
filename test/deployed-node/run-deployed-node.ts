import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { synthesize } from '../cloud/cloudformation/synthesize.ts';
import { ownContext } from '../story/own-context.ts';
import { importBundles } from './import-bundles.ts';
import { deployedNode, installNode } from './install-node.ts';

// npm run test:node24: the bundles and the story on the Node.js that Lambda runs them on. The project itself runs on Node 20.19 and
// later, so nothing else shows it.
const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

// outside the project, and of this run alone: what is run from here was put here by it
const folder = mkdtempSync(join(tmpdir(), 'rescind-node24-'));
try {
  process.exitCode = await run();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function run(): Promise<number> {
  let node: string;
  try {
    node = installNode(join(folder, 'node'));
  } catch (error) {
    console.error(`skipped: Node ${deployedNode} cannot be installed here: ${String(error)}`);
    // where it has to run, not to have run is a failure
    return process.env['CI'] ? 1 : 0;
  }
  const assembly = join(folder, 'assembly');
  console.error(`Node ${deployedNode}: synthesizing the stack`);
  await synthesize(assembly, ownContext);
  const bundlesImport = importAll(node, assembly);
  const storyHolds = playStory(node, assembly);
  return bundlesImport && storyHolds ? 0 : 1;
}

function importAll(node: string, assembly: string): boolean {
  const imported = importBundles(node, assembly, deployedNode);
  const broken = imported.filter(({ wrong }) => wrong !== undefined);
  for (const { name, wrong } of broken) console.error(`${name}: ${wrong}`);
  console.error(
    `Node ${deployedNode}: ${imported.length - broken.length} of ${imported.length} bundles import`,
  );
  return imported.length > 0 && broken.length === 0;
}

/** The exit code and the summary, the last line of stdout, have to agree. */
function playStory(node: string, assembly: string): boolean {
  const story = spawnSync(node, ['--import', 'tsx', 'bin/start.ts', '--json', '--assembly', assembly], {
    cwd: projectRoot,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.stdout.write(story.stdout);
  const summary = JSON.parse(story.stdout.trimEnd().split('\n').at(-1) || '{}') as { readonly ok?: boolean };
  return story.status === 0 && summary.ok === true;
}
