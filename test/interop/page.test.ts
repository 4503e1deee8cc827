import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { groups } from './capabilities.ts';
import { hydraVersion } from './hydra/build.ts';
import { keycloakVersion } from './keycloak/install.ts';
import { columnOf, isObserved, page, readColumns, withColumns } from './page.ts';
import { servers } from './servers.ts';

const text = readFileSync(page, 'utf8');
const columns = readColumns(text);
const titles = groups.flatMap(({ capabilities }) => capabilities.map(({ title }) => title));

describe(`the page ${page}`, () => {
  it('has a column for every server, of the version that is pinned', () => {
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    expect([...columns].map(([title, { version }]) => [title, version])).toEqual([
      ['oidc-provider', devDependencies['oidc-provider']],
      ['Keycloak', keycloakVersion],
      ['Ory Hydra', hydraVersion.replace('v', '')],
    ]);
  });

  it('has a row for every capability that the suite knows, and no other: run npm run interop -- --write', () => {
    for (const [server, { cells }] of columns) expect([server, [...cells.keys()]]).toEqual([server, titles]);
  });

  it('says of each what a run saw, in a sentence', () => {
    const cells = [...columns.values()].flatMap((column) => [...column.cells.values()]);
    expect(cells.length).toBe(servers.length * titles.length);
    expect(cells.filter((cell) => !isObserved(cell))).toEqual([]);
  });

  it('is as a run would write it', async () => {
    expect(await withColumns(text, columns)).toBe(text);
  });

  it('keeps the columns of servers that a run left out', async () => {
    const seen = { verdict: 'seen', said: 'Another $& time.' } as const;
    const observations = Object.fromEntries(
      groups.flatMap(({ capabilities }) => capabilities.map(({ id }) => [id, seen] as const)),
    );
    const next = new Map(columns).set('Ory Hydra', columnOf({ version: '9.9.9', observations }));
    const written = readColumns(await withColumns(text, next));
    expect(written.get('Keycloak')).toEqual(columns.get('Keycloak'));
    expect(written.get('Ory Hydra')).toEqual(next.get('Ory Hydra'));
  });
});

describe('the capabilities', () => {
  it('have each an id and a title of their own', () => {
    const ids = groups.flatMap(({ capabilities }) => capabilities.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(titles).size).toBe(titles.length);
  });
});
