import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../machine/cache.ts';
import { runChild } from '../machine/child.ts';
import type { Prepared } from '../server.ts';

export const hydraVersion = 'v2.3.0';
const module = 'github.com/ory/hydra/v2';

/** Two cores need five minutes for its 600 packages. */
const buildMs = 45 * 60 * 1000;
const toolMs = 10 * 60 * 1000;

/**
 * Hydra's own `go.mod` replaces two modules, so that `go install` refuses it: this module requires it and repeats the
 * replacement that matters. The other one, `./internal/httpclient`, is no part of the published module.
 */
const goMod = `module rescind.example/interop

go 1.24

replace github.com/gobuffalo/pop/v6 => github.com/ory/pop/v6 v6.2.1-0.20241121111754-e5dfc0f3344b
`;

/** Of the module, as `go.sum` writes it: with Hydra's own `go.mod` it fixes all that is built. */
const sum = 'h1:bPs5MOWmYLZ9C3oQFhhjnaBrExUgF/zf3u1AJVlR//4=';

/** Builds Hydra from its Go module with the `sqlite` tag, once. */
export async function buildHydra(say: (line: string) => void): Promise<Prepared> {
  const folder = cacheFolder('hydra', hydraVersion);
  const at = join(folder, 'hydra');
  if (existsSync(at)) return { at };
  const log = join(folder, 'build.log');
  const go = (timeoutMs: number, ...args: readonly string[]) =>
    runChild('nice', ['-n', '10', 'go', ...args], {
      ...{ cwd: folder, log, timeoutMs },
      // the machine's toolchain or none; CGO: SQLite is C
      env: { GOTOOLCHAIN: 'local', CGO_ENABLED: '1', GOFLAGS: '-mod=mod' },
    });
  const has = (command: string, arg: string) =>
    runChild(command, [arg], { cwd: folder, log, timeoutMs: toolMs }).then(
      () => true,
      () => false,
    );
  if (!(await has('go', 'version'))) return { absent: 'there is no Go' };
  if (!(await has('cc', '--version'))) return { absent: 'there is no C compiler' };
  say(`building Hydra ${hydraVersion}, which takes minutes: ${log}`);
  writeFileSync(join(folder, 'go.mod'), goMod);
  await go(toolMs, 'get', '-tool', `${module}@${hydraVersion}`);
  if (!readFileSync(join(folder, 'go.sum'), 'utf8').includes(`${module} ${hydraVersion} ${sum}`))
    throw new Error(`${module} ${hydraVersion} is not what was pinned: see ${join(folder, 'go.sum')}`);
  await go(
    buildMs,
    ...['build', '-p', '1', '-trimpath', '-tags', 'sqlite'],
    ...['-ldflags', `-X ${module}/driver/config.Version=${hydraVersion}`],
    ...['-o', at, module],
  );
  return { at };
}
