import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Observation } from './capability.ts';
import type { Description, ServerName } from './server.ts';

/** Names the folder in which the runner and the test's process hand files to each other. */
export const folderVariable = 'RESCIND_INTEROP_FOLDER';

/** What the runner gives: the server that runs. */
export interface HandedIn {
  readonly server: ServerName;
  readonly description: Description;
}

/** What it gets: an observation by the id of its capability. */
export interface HandedOut {
  readonly version: string;
  readonly observations: Readonly<Record<string, Observation>>;
}

export const handIn = (folder: string, given: HandedIn): void =>
  writeFileSync(join(folder, 'in.json'), JSON.stringify(given), { mode: 0o600 });
export const readIn = (folder: string): HandedIn =>
  JSON.parse(readFileSync(join(folder, 'in.json'), 'utf8')) as HandedIn;
export const handOut = (folder: string, given: HandedOut): void =>
  writeFileSync(join(folder, 'out.json'), JSON.stringify(given));
export const readOut = (folder: string): HandedOut =>
  JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')) as HandedOut;
