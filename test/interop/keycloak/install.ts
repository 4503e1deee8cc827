import { createHash } from 'node:crypto';
import { createReadStream, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cacheFolder } from '../machine/cache.ts';
import { runChild } from '../machine/child.ts';
import type { Prepared } from '../server.ts';

export const keycloakVersion = '26.7.0';
const name = `keycloak-quarkus-dist-${keycloakVersion}`;
/** Of the zip: what a repository serves under a version does not change. */
const sha256 = 'e63bd0167199c0092b8a4d22cc137e6b7a70e0089070f6f7799b1be504b69a8a';

/** 180 MB. */
const downloadMs = 20 * 60 * 1000;
const toolMs = 120_000;

/** Fetches the distribution with Maven and unpacks it, once. */
export async function installKeycloak(say: (line: string) => void): Promise<Prepared> {
  const folder = cacheFolder('keycloak');
  const log = join(folder, 'install.log');
  const at = join(folder, `keycloak-${keycloakVersion}`);
  const run = (command: string, args: readonly string[], timeoutMs = toolMs) =>
    runChild(command, args, { cwd: folder, log, timeoutMs });
  const has = (command: string, arg: string) =>
    run(command, [arg]).then(
      () => true,
      () => false,
    );
  if (!(await has('java', '-version'))) return { absent: 'there is no Java' };
  // the last file that unpacking makes
  if (existsSync(join(at, 'version.txt')) && existsSync(join(at, 'bin', 'kc.sh'))) return { at };
  const zip = join(folder, `${name}.zip`);
  if (!existsSync(zip)) {
    if (!(await has('mvn', '-version'))) return { absent: 'there is no Maven to fetch it with' };
    say(`fetching Keycloak ${keycloakVersion}`);
    const artifact = `org.keycloak:keycloak-quarkus-dist:${keycloakVersion}:zip`;
    await run(
      'mvn',
      ['-q', '-B', copyGoal, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`],
      downloadMs,
    );
  }
  const found = await hashOf(zip);
  if (found !== sha256) {
    rmSync(zip);
    throw new Error(`${name}.zip has SHA-256 ${found}, not ${sha256}: it was deleted`);
  }
  rmSync(at, { recursive: true, force: true });
  await run('unzip', ['-q', '-o', zip]).catch(() => run('jar', ['--extract', '--file', zip]));
  return { at };
}

const copyGoal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
