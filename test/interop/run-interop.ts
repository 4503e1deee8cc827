import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { groups } from './capabilities.ts';
import { type HandedOut, handIn } from './hand-over.ts';
import { columnOf, page, readColumns, withColumns } from './page.ts';
import { runSuite } from './run-suite.ts';
import { serverNames, type ServerKind, type ServerName } from './server.ts';
import { servers } from './servers.ts';

// npm run interop -- [--only NAME] [--list] [--write]
// Holds the connectors against real servers: fetches or builds each once (.cache/interop), starts it on loopback, looks at
// each capability, runs the connector contract, and compares with the tables in lib/connectors/README.md. A server whose
// runtime is absent is left out. Exit codes as of the CLI: 0 done, 1 a check failed, 2 usage.

const program = new Command('npm run interop --')
  .description('Holds the connectors against real authorization servers.')
  .addOption(new Option('--only <name>', 'one server').choices(serverNames))
  .option('--list', 'print the servers and what is looked at, and start nothing')
  .option('--write', `write what was seen into ${page}`)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();
const options = program.opts<{ only?: ServerName; list?: boolean; write?: boolean }>();

const out = (line: string) => void process.stdout.write(`${line}\n`);
const say = (line: string) => void process.stderr.write(`${line}\n`);
const folder = mkdtempSync(join(tmpdir(), 'rescind-interop-'));
// what it started ends with it: child.ts waits for `exit`
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

try {
  const chosen = servers.filter(({ name }) => options.only === undefined || name === options.only);
  if (options.list) list(chosen);
  else process.exitCode = (await holdAgainst(chosen)) ? 0 : 1;
} catch (error) {
  say(`npm run interop: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

function list(chosen: readonly ServerKind[]): void {
  for (const { name, title } of chosen) out(`${name}: ${title}`);
  for (const group of groups)
    for (const { id, title } of group.capabilities) out(`${id}: ${group.title}: ${title}`);
}

/** Whether everything that ran held, and the page says what was seen. */
async function holdAgainst(chosen: readonly ServerKind[]): Promise<boolean> {
  const seen = new Map<string, HandedOut>();
  let held = true;
  for (const kind of chosen) {
    const prepared = await kind.prepare(say);
    if ('absent' in prepared) {
      out(`${kind.title}: left out, because ${prepared.absent}`);
      continue;
    }
    say(`starting ${kind.title}`);
    const running = await kind.start(prepared.at);
    try {
      handIn(folder, { server: kind.name, description: running.description });
      const { ok, handedOut } = await runSuite(folder);
      held &&= ok;
      seen.set(kind.title, handedOut);
    } finally {
      await running.stop();
    }
  }
  for (const [title, { version, observations }] of seen) {
    const all = Object.values(observations);
    const count = (verdict: string) => all.filter((one) => one.verdict === verdict).length;
    out(
      `${title} ${version}: ${count('seen')} seen, ${count('not seen')} not seen, ${count('lacks')} lacking`,
    );
  }
  return (await settlePage(seen)) && held;
}

async function settlePage(seen: ReadonlyMap<string, HandedOut>): Promise<boolean> {
  const text = readFileSync(page, 'utf8');
  const columns = new Map(readColumns(text));
  for (const [title, handedOut] of seen) columns.set(title, columnOf(handedOut));
  const made = await withColumns(text, columns);
  if (made === text) return true;
  if (options.write) {
    writeFileSync(page, made);
    out(`${page} was written`);
    return true;
  }
  out(`${page} says something else than was seen: npm run interop -- --write, and read the difference`);
  return false;
}
