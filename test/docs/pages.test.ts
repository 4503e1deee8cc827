import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../lib/stack/settings/read-settings.ts';
import { environmentOf } from '../../lib/wire/environment.ts';
import { unbundledApp } from '../stack/unbundled.ts';
import { withBlocks } from './blocks.ts';
import { codeBlocks, pages, rowsUnder } from './pages.ts';
import { stackResources } from './resources.ts';

const [deployPage, threatsPage] = pages.map((path) => readFileSync(path, 'utf8')) as [string, string];

describe.each(pages)('%s', (path) => {
  const page = readFileSync(path, 'utf8');

  it('has of the template what the template says: run npm run pages', async () => {
    expect(page).toBe(await withBlocks(page, stackResources()));
  });

  it('has JSON that parses', () => {
    for (const block of codeBlocks(page, 'json')) expect(() => JSON.parse(block) as unknown).not.toThrow();
  });
});

describe.each(['README.md', 'lib/README.md', 'test/cloud/README.md', ...pages])('%s', (path) => {
  const page = readFileSync(path, 'utf8');

  it('names files and folders that are there', () => {
    const named = [...page.matchAll(/`((?:lib|test|functions|bin)\/[\w./-]+)`/g)].map(
      ([, file = '']) => file,
    );
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('links to files that are there', () => {
    const linked = [...page.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, file = '']) => file);
    expect(linked.filter((file) => !existsSync(join(dirname(path), file)))).toEqual([]);
  });

  it('names scripts that are there', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
    const named = [...page.matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, script = '']) => script);
    expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
  });
});

describe('the map in test/cloud/README.md', () => {
  it('knows every folder beside it, and no other', () => {
    const rows = rowsUnder(readFileSync('test/cloud/README.md', 'utf8'), '| folder ');
    const named = rows.map(([cell = '']) => cell.replaceAll('`', ''));
    expect(named.filter((folder) => !existsSync(folder))).toEqual([]);
    const beside = readdirSync('test/cloud', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(named).toEqual(expect.arrayContaining(beside.map(({ name }) => `test/cloud/${name}/`)));
  });
});

describe('the settings in DEPLOY.md', () => {
  const rows = rowsUnder(deployPage, '| setting ').map((cells) =>
    cells.map((cell) => cell.replaceAll('`', '')),
  );
  const exampleOf = (name: string) => {
    const wrong = name === 'stage' ? 'A B' : { nothing: ['of', 'this'] };
    return /-c \w+='(.*)'\.$/.exec(messageOf(() => readSettings({ [name]: wrong })))?.[1];
  };

  it('are all that there are, and no others', () => {
    const [, all = ''] = /The settings are (.*)\.$/.exec(messageOf(() => readSettings({ none: 1 }))) ?? [];
    expect(rows.map(([name]) => name)).toEqual(all.split(', '));
  });

  it('have the defaults of the code', () => {
    const { senders, ...others } = readSettings({}) as unknown as Record<string, unknown> & {
      senders: readonly { source: string }[];
    };
    for (const [name = '', , told = ''] of rows.filter(([name]) => name !== 'senders')) {
      const value = others[name];
      expect([name, told]).toEqual([name, value === undefined ? 'none' : JSON.stringify(value)]);
    }
    const [, , told] = rows.find(([name]) => name === 'senders') ?? [];
    for (const { source } of senders) expect(told).toContain(source);
  });

  it('have the examples that the code gives', () => {
    for (const [name = '', , , example] of rows) expect([name, example]).toEqual([name, exampleOf(name)]);
  });

  it('are refused in these words', () => {
    const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };
    const runs = codeBlocks(deployPage, 'console').flatMap((block) =>
      [...block.matchAll(/^\$ npx cdk synth --quiet (.*)\n((?:[^$].*\n?)+)/gm)].map(
        ([, flags = '', said = '']) => ({ flags, said }),
      ),
    );
    expect(runs).toHaveLength(2);
    for (const { flags, said } of runs) {
      const given = [...flags.matchAll(/-c (\w+)=(?:'([^']*)'|(\S+))/g)].map(([, name, quoted, bare]) => [
        name,
        quoted ?? bare,
      ]);
      const message = messageOf(() => readSettings({ ...context, ...Object.fromEntries(given) }));
      expect(said).toContain(`Error: ${message}\n`);
    }
  });

  const context = JSON.parse(
    codeBlocks(deployPage, 'json').find((block) => block.includes('"senders"')) ?? '{}',
  ) as Record<string, unknown>;
  const synthesized = (more: object = {}) =>
    unbundledApp({ ...context, ...more }, { checked: true })
      .synth()
      .getStackByName('Rescind') as {
      template: { Parameters: { BootstrapVersion: { Default: string } } };
    };

  it('are taken as the page has them in cdk.json, with the qualifier of the bootstrap, and pass the checks', () => {
    const { template } = synthesized();
    expect(template.Parameters.BootstrapVersion.Default).toBe('/cdk-bootstrap/rescind/version');
    expect(JSON.stringify(template)).toContain('777788889999');
  });
});

describe('THREATS.md', () => {
  it('names a test for whatever it says is stopped', () => {
    const rows = rowsUnder(threatsPage, '| who, and what they try ');
    expect(rows.length).toBeGreaterThan(12);
    for (const [who, , shownBy] of rows)
      expect([who, shownBy]).toEqual([who, expect.stringMatching(/`test\/[\w/-]+\.test\.ts`/)]);
  });

  it('has a row for the role of each function', () => {
    const named = rowsUnder(threatsPage, '| function ').map(([name = '']) => name.replaceAll('`', ''));
    expect(named.toSorted()).toEqual(Object.keys(environmentOf).toSorted());
  });
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}
