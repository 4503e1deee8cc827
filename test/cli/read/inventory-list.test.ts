import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { holdIdOf } from '../../../lib/domain/emergency/hold.ts';
import { authorityId, consentId, credentialId, partnerId } from '../../../lib/domain/ids.ts';
import type { CaseSubject } from '../../../lib/domain/subject.ts';
import { at, credentialOf } from '../../domain/objects.ts';
import { fresh } from '../../aws/world.ts';
import { type Cli, rescind, rescindJson, startCli } from '../world.ts';

/** A page of results as a program reads it. */
interface Page {
  readonly credentials: readonly { readonly id: string; readonly heldBy: readonly string[] }[];
  readonly looked: number;
  readonly next?: string;
}

describe('inventory list', () => {
  const acme = partnerId(fresh('acme'));
  const consent = { id: consentId(fresh('consent')), generation: 2 };
  const ofConsent = ['--consent', `${consent.id}@2`];
  const ofPartner = ['--partner', acme];
  /** 120 API keys beside four tokens: every fourth at the gateway, every tenth dead. */
  const keys = Array.from({ length: 120 }, (_, n) => ({
    name: `key-${n}`,
    kind: 'api_key' as const,
    authority: authorityId(n % 4 === 0 ? 'gateway' : 'bank'),
    state: n % 10 === 0 ? ('dead' as const) : ('live' as const),
  }));

  let cli: Cli;
  beforeAll(async () => {
    cli = await startCli();
    await cli.given(
      add('at-1', { consent, kind: 'access_token', expiresAt: '2026-02-01T00:00:00Z' }),
      add('rt-1', { consent }),
      add('rt-old', { consent: { ...consent, generation: 1 }, state: 'dead' }),
      add('rt-late', { consent: { ...consent, generation: 22 } }),
    );
    for (let start = 0; start < keys.length; start += 20)
      await cli.given(...keys.slice(start, start + 20).map(({ name, ...over }) => add(name, over)));
  });
  beforeEach(() => cli.reset());
  afterAll(() => cli.close());

  const add = (name: string, over: object = {}) =>
    ({
      kind: 'add-credential',
      credential: credentialOf({
        ...{ id: credentialId(name), partner: acme, consent: undefined },
        ...{ handle: 'HANDLE', fingerprint: 'FINGERPRINT', ...over },
      }),
    }) as const;
  const listed = async (...args: string[]) => {
    const { code, result, stderr } = await rescindJson('inventory', 'list', ...args);
    const { credentials, next, looked } = result as Page;
    return { code, stderr, credentials, ids: credentials.map(({ id }) => id), next, looked };
  };
  /** All pages, one after the other. */
  const pagesOf = async (...args: string[]) => {
    const pages = [await listed(...args)];
    for (let next = pages[0]?.next; next !== undefined && pages.length < 20; next = pages.at(-1)?.next)
      pages.push(await listed(...args, '--after', next));
    return pages;
  };
  const namesOf = (...matching: ((key: (typeof keys)[number]) => boolean)[]) =>
    keys
      .filter((key) => matching.every((matches) => matches(key)))
      .map(({ name }) => name)
      .toSorted();
  const atGateway = ({ authority }: (typeof keys)[number]) => authority === 'gateway';
  const isDead = ({ state }: (typeof keys)[number]) => state === 'dead';

  it('lists the credentials of a consent in that generation, without their handles', async () => {
    const { code, stdout, stderr } = await rescind('inventory', 'list', ...ofConsent);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout)
      .toBe(`CREDENTIAL  KIND           STATE  CONSENT${' '.repeat(consent.id.length - 5)}  EXPIRES               HELD
bank/at-1   access_token   live   ${consent.id}@2  2026-02-01T00:00:00Z
bank/rt-1   refresh_token  live   ${consent.id}@2  -
`);
    const { stdout: json } = await rescind('inventory', 'list', ...ofConsent, '--json');
    expect(json.trimEnd().split('\n')).toHaveLength(1);
    expect(json).not.toMatch(/HANDLE|FINGERPRINT/);
  });

  it('names the subjects of active holds', async () => {
    const holdOf = (subject: CaseSubject) =>
      ({ id: holdIdOf(subject, '01JHOLD'), subject, state: 'held', reason: 'r', by: 'arn', at }) as const;
    const held = async () => (await listed(...ofConsent)).credentials.map(({ heldBy }) => heldBy);
    expect(await held()).toEqual([[], []]);
    const ofCredential = holdOf({
      type: 'credential',
      authority: authorityId('bank'),
      id: credentialId('rt-1'),
    });
    await cli.given({ kind: 'place-hold', hold: ofCredential, after: null });
    expect(await held()).toEqual([[], ['credential']]);
    await cli.given(
      { kind: 'place-hold', hold: holdOf({ type: 'partner', id: acme }), after: null },
      { kind: 'place-hold', hold: holdOf({ type: 'consent', id: consent.id }), after: null },
      { kind: 'lift-hold', hold: ofCredential, by: 'arn-2', at },
    );
    expect(await held()).toEqual([
      ['partner', 'consent'],
      ['partner', 'consent'],
    ]);
  });

  describe('filtered', () => {
    it('by state, kind or authority lists what matches, of a partner and of a consent', async () => {
      expect((await listed(...ofPartner, '--state', 'dead')).ids.toSorted()).toEqual(
        [...namesOf(isDead), 'rt-old'].toSorted(),
      );
      expect((await listed(...ofPartner, '--kind', 'access_token')).ids).toEqual(['at-1']);
      expect((await listed(...ofPartner, '--authority', 'gateway')).ids.toSorted()).toEqual(
        namesOf(atGateway),
      );
      expect((await listed(...ofConsent, '--kind', 'refresh_token')).ids).toEqual(['rt-1']);
      expect((await listed(...ofConsent, '--authority', 'gateway')).ids).toEqual([]);
    });

    it('by several options lists what matches all of them', async () => {
      const filters = ['--state', 'dead', '--kind', 'api_key', '--authority', 'gateway'];
      expect((await listed(...ofPartner, ...filters)).ids.toSorted()).toEqual(namesOf(isDead, atGateway));
    });

    it('without a match says so, and among how many credentials', async () => {
      const filters = ['--kind', 'webhook', '--authority', 'gateway'];
      expect(await rescind('inventory', 'list', ...ofPartner, ...filters)).toEqual({
        code: 0,
        stdout: `no credential of partner/${acme} --kind webhook --authority gateway among 124\n`,
        stderr: '',
      });
      expect(await listed(...ofPartner, ...filters)).toMatchObject({ code: 0, ids: [], looked: 124 });
    });

    it('compares authorities exactly', async () => {
      for (const authority of ['gate', 'Gateway', 'gateway/', '__proto__'])
        expect((await listed(...ofPartner, '--authority', authority)).ids).toEqual([]);
    });
  });

  describe('page by page', () => {
    it.each([
      ['all', [], 50, [50, 50, 24]],
      ['a filter that matches some', ['--authority', 'gateway'], 7, [7, 7, 7, 7, 2]],
      ['several filters', ['--authority', 'gateway', '--state', 'dead'], 2, [2, 2, 2]],
      ['a filter that matches as many as a page has', ['--kind', 'access_token'], 1, [1]],
    ])(
      'with %s lists as many as --limit says, until each was listed once',
      async (_, filters, limit, sizes) => {
        const pages = await pagesOf(...ofPartner, ...filters, '--limit', String(limit));
        expect(pages.map(({ ids }) => ids.length)).toEqual(sizes);
        const seen = pages.flatMap(({ ids }) => ids);
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen).toEqual((await listed(...ofPartner, ...filters, '--limit', '1000')).ids);
        for (const { next, stderr } of pages)
          expect(stderr).toBe(next === undefined ? '' : `there are more: --after ${next}\n`);
      },
    );

    it('accepts another limit for a later page', async () => {
      const first = await listed(...ofPartner, '--authority', 'gateway', '--limit', '4');
      const rest = await listed(...ofPartner, '--authority', 'gateway', '--after', first.next ?? '');
      expect([first.ids.length, rest.ids.length, rest.next]).toEqual([4, 26, undefined]);
    });

    it('accepts a token for the same list with the same filters only, and names its list', async () => {
      const { next = '' } = await listed(...ofPartner, '--kind', 'api_key', '--limit', '1');
      const after = (...args: string[]) => rescind('inventory', 'list', ...args, '--after', next);
      expect(await after(...ofPartner, '--kind', 'api_key')).toMatchObject({ code: 0 });
      for (const args of [ofConsent, ofPartner, [...ofPartner, '--kind', 'api_key', '--state', 'dead']])
        expect(await after(...args)).toMatchObject({
          code: 2,
          stdout: '',
          stderr: expect.stringContaining(
            `this token continues the list of partner/${acme} --kind api_key, and this is the list of `,
          ) as string,
        });
    });

    it.each([
      'nonsense',
      '',
      Buffer.from('{}').toString('base64url'),
      Buffer.from('["a","b"]').toString('base64url'),
    ])('refuses %j as a token', async (token) => {
      expect(await rescind('inventory', 'list', ...ofPartner, '--after', token)).toEqual({
        code: 2,
        stdout: '',
        stderr: `rescind: --after ${token}: this is not the token of a list; use the one that a list printed\n`,
      });
    });
  });

  it.each([
    [[], 'name exactly one of --partner, --consent'],
    [['--partner', 'a', '--consent', 'b@1'], 'name exactly one of --partner, --consent'],
    [['--consent', 'b'], '--consent b: write <id>@<generation>'],
    [['--partner', ''], "--partner '': write an id"],
    [['--partner', 'a', '--authority', ''], "--authority '': write an id"],
    [['--partner', 'a', '--authority', 'the bank'], "--authority 'the bank': write an id"],
    [['--partner', 'a', '--limit', '0'], 'Write 1 to 1000.'],
    [['--partner', 'a', '--limit', '1001'], 'Write 1 to 1000.'],
    [['--partner', 'a', '--limit', '1e2'], 'Write 1 to 1000.'],
    [['--partner', 'a', '--state', 'alive'], 'Allowed choices are live, condemned, draining, dead.'],
    [['--partner', 'a', '--kind', 'password'], 'Allowed choices are refresh_token, access_token, grant'],
  ])('of %j is a usage error, which it names', async (args, says) => {
    const { code, stdout, stderr } = await rescind('inventory', 'list', ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(says);
  });

  it('of a partner without credentials is empty, and of an unknown partner an error', async () => {
    const partner = { id: partnerId(fresh('idle')), name: 'Idle', revision: 1 };
    await cli.given({ kind: 'register-partner', partner, from: null });
    expect(await rescind('inventory', 'list', '--partner', partner.id)).toEqual({
      code: 0,
      stdout: `no credential of partner/${partner.id}\n`,
      stderr: '',
    });
    expect(await rescind('inventory', 'list', '--partner', 'nobody')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'rescind: there is no partner nobody: check the id, or register the partner (rescind register)\n',
    });
    expect((await rescind('inventory', 'list', '--consent', 'c@7')).stdout).toBe(
      'no credential of consent/c@7\n',
    );
  });
});
