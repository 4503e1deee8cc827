import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Credential } from '../../../lib/domain/inventory/credential.ts';
import { holdIdOf } from '../../../lib/domain/emergency/hold.ts';
import {
  authorityId,
  type ConsentId,
  consentId,
  credentialId,
  type CredentialRef,
  customerId,
  grantId,
  partnerId,
} from '../../../lib/domain/ids.ts';
import type { Write } from '../../../lib/domain/transaction/write.ts';
import { fresh } from '../../aws/world.ts';
import { at, consentOf, credentialOf, fenceOf } from '../../domain/objects.ts';
import { type Cli, rescind, rescindJson, startCli } from '../world.ts';

let cli: Cli;
beforeAll(async () => {
  cli = await startCli();
});
beforeEach(() => cli.reset());
afterAll(() => cli.close());

const acme = partnerId('acme');
const bank = (id: string): CredentialRef => ({ authority: authorityId('bank'), id: credentialId(id) });
const gate = (id: string): CredentialRef => ({ authority: authorityId('gate'), id: credentialId(id) });
const grown = (over: Partial<Credential>): Write => ({
  kind: 'add-credential',
  credential: credentialOf({
    partner: acme,
    consent: undefined,
    handle: 'HANDLE',
    fingerprint: 'FINGERPRINT',
    ...over,
  }),
});
const granted = (id: ConsentId, over: object = {}): Write => ({
  kind: 'add-consent',
  consent: consentOf({ id, partner: acme, customer: customerId('customer-7'), ...over }),
});
const add = async (...writes: readonly Write[]): Promise<void> => {
  for (let start = 0; start < writes.length; start += 20) await cli.given(...writes.slice(start, start + 20));
};
/** A consent of its own for each test, in generation 1. */
const freshConsent = () => ({ id: consentId(fresh('consent')), generation: 1 });

/** The rows of the tree: from the header on, each with its cells. */
const treeOf = (stdout: string): readonly (readonly string[])[] => {
  const lines = stdout.trimEnd().split('\n');
  const rows = lines.slice(lines.findIndex((line) => line.startsWith('CREDENTIAL')) + 1);
  return rows
    .slice(0, rows.includes('') ? rows.indexOf('') : undefined)
    .map((line) => [/^ */.exec(line)?.[0] ?? '', ...line.trim().split(/ {2,}/)]);
};
/** Indentation and name of each row. */
const outline = (stdout: string) => treeOf(stdout).map(([indent, name]) => `${indent}${name}`);

interface Node {
  readonly id: string;
  readonly hangs: string;
  readonly again?: true;
  /** Absent for a credential that is shown above. */
  readonly grew?: readonly Node[];
}
const nested = async (text: string) => {
  const { result, code } = await rescindJson('consent', 'show', text);
  const { generations } = result as { generations: { credentials: Node[] }[] };
  return { code, result, trees: generations[0]?.credentials ?? [] };
};
/** Ids as they are nested: `['rt', ['at']]`. */
const shape = (nodes: readonly Node[]): unknown[] =>
  nodes.flatMap(({ id, again, grew = [] }) => [
    again ? `${id} again` : id,
    ...(grew.length > 0 ? [shape(grew)] : []),
  ]);

describe('consent show', () => {
  it('names the regime of its partner, if the partner has one', async () => {
    const [id, partner] = [consentId(fresh('consent')), partnerId(fresh('partner'))];
    await add(
      {
        kind: 'register-partner',
        partner: { id: partner, name: 'Strict', revision: 1, regime: 'cdr' },
        from: null,
      },
      granted(id, { partner }),
    );
    expect((await rescind('consent', 'show', id)).stdout).toContain(`partner   ${partner}, in regime cdr\n`);
  });

  it('shows the consent, its fence and the tree of its credentials', async () => {
    const consent = freshConsent();
    const grant = grantId('g-1');
    const expiresAt = '2026-03-01T00:00:00Z';
    await add(
      granted(consent.id, { expiresAt, scopes: ['accounts', 'payments'] }),
      grown({ ...bank('rt-1'), consent, grant, state: 'condemned' }),
      grown({ ...bank('rt-2'), consent, grant, replaces: bank('rt-1'), expiresAt }),
      grown({ ...gate('at-1'), kind: 'access_token', parent: bank('rt-1'), state: 'draining' }),
      grown({ ...bank('hook'), kind: 'webhook', grant, state: 'dead' }),
      { kind: 'raise-fence', fence: fenceOf({ subject: { type: 'consent', id: consent.id } }), from: null },
    );
    const { code, stdout, stderr } = await rescind('consent', 'show', consent.id);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`consent   ${consent.id}@1
state     granted, but fenced: its credentials must die
partner   acme
customer  customer-7
scopes    accounts, payments
granted   2026-01-01T00:00:00Z
expires   2026-03-01T00:00:00Z
fence     ${at}  generation 1, raised by consent-withdrawn/consent-1/1/1
held      -
CREDENTIAL   KIND           STATE      ORIGIN                    EXPIRES               HELD
bank/rt-1    refresh_token  condemned  issued                    -
  gate/at-1  access_token   draining   exchanged                 -
  bank/hook  webhook        dead       same grant g-1            -
bank/rt-2    refresh_token  live       refreshed from bank/rt-1  2026-03-01T00:00:00Z
`);
    const json = await nested(consent.id);
    expect(json).toMatchObject({
      code: 0,
      result: {
        consent: consent.id,
        notShown: [],
        whole: true,
        generations: [
          {
            generation: 1,
            granted: true,
            state: 'granted',
            fenced: true,
            fence: { generation: 1, at },
            cutOff: null,
            listed: 4,
            left: null,
            credentials: [
              {
                authority: 'bank',
                id: 'rt-1',
                state: 'condemned',
                hangs: 'issued',
                grew: [
                  { authority: 'gate', id: 'at-1', hangs: 'exchanged', grew: [] },
                  { id: 'hook', hangs: 'by grant' },
                ],
              },
              { id: 'rt-2', hangs: 'refreshed', of: { authority: 'bank', id: 'rt-1' }, expiresAt },
            ],
          },
        ],
      },
    });
    expect(JSON.stringify(json.result)).not.toMatch(/HANDLE|FINGERPRINT/);
  });

  it('shows each known generation, latest first, or the named one', async () => {
    const { id } = freshConsent();
    const subject = { type: 'consent', id } as const;
    await add(
      granted(id, { generation: 2, state: 'withdrawn' }),
      granted(id, { generation: 5 }),
      grown({ ...bank(fresh('rt')), consent: { id, generation: 3 } }),
      { kind: 'raise-fence', fence: fenceOf({ subject, generation: 4 }), from: null },
    );
    const { stdout } = await rescind('consent', 'show', id);
    const heads = stdout.match(/^(consent|state) .*$/gm)?.map((line) => line.replace(/^\w+ +/, ''));
    expect(heads).toEqual([
      `${id}@5`,
      'granted',
      `${id}@4`,
      'fenced; no grant was announced',
      `${id}@3`,
      'fenced; no grant was announced',
      `${id}@2`,
      'withdrawn',
    ]);
    expect((await rescind('consent', 'show', `${id}@2`)).stdout).toMatch(/^consent .*@2\nstate +withdrawn\n/);
    expect((await rescind('consent', 'show', `${id}@1`)).stdout).toContain('fenced; no grant was announced');
    expect(await rescind('consent', 'show', `${id}@6`)).toMatchObject({ code: 1, stdout: '' });
  });

  it('shows the latest twenty generations, and says how many come before', async () => {
    const { id } = freshConsent();
    await add(...Array.from({ length: 23 }, (_, n) => granted(id, { generation: n + 1 })));
    const { stdout } = await rescind('consent', 'show', id);
    const heads = stdout.match(/^consent .*$/gm) ?? [];
    expect(heads).toHaveLength(20);
    expect([heads[0], heads.at(-1)]).toEqual([`consent   ${id}@23`, `consent   ${id}@4`]);
    expect(stdout).toMatch(
      new RegExp(`\n\nand 3 earlier generations, the latest of them: rescind consent show ${id}@3\n$`),
    );
    expect(await rescindJson('consent', 'show', id)).toMatchObject({ result: { notShown: [3, 2, 1] } });
  });

  it('says that nothing is known of an unknown consent', async () => {
    expect(await rescind('consent', 'show', 'nobody')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'rescind: nothing is known of nobody: no grant, no credential that names it, no fence; check the id\n',
    });
  });

  it('says how a generation is written if the argument only looks like one', async () => {
    expect(await rescind('consent', 'show', 'consent-1@x')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'rescind: nothing is known of consent-1@x: no grant, no credential that names it, no fence; check the id. For one generation write <id>@<generation>, such as consent-1@1\n',
    });
  });

  it('shortens fingerprints in the table, and not in JSON', async () => {
    const consent = freshConsent();
    const [first, next] = [bank(`fp-${'0a'.repeat(32)}`), bank(`fp-${'1b'.repeat(32)}`)];
    await add(grown({ ...first, consent }), grown({ ...next, consent, replaces: first }));
    const { stdout } = await rescind('consent', 'show', consent.id);
    const [, one, two, hint] = stdout.trimEnd().split('\n').slice(-4);
    expect(one).toMatch(/^bank\/fp-0a0a0a0a0a0a… /);
    expect(two).toMatch(/^bank\/fp-1b1b1b1b1b1b… .* refreshed from bank\/fp-0a0a0a0a0a0a… /);
    expect(hint).toBe('an id that ends in … is shortened: --json prints it whole');
    expect(shape((await nested(consent.id)).trees)).toEqual([first.id, next.id]);
  });

  it('follows the delegation over authorities, six levels deep', async () => {
    const consent = freshConsent();
    const chain = ['a', 'b', 'c', 'd', 'e', 'f'].map((name, level) => {
      const ref = level % 2 === 0 ? bank(fresh(name)) : gate(fresh(name));
      return ref;
    });
    await add(
      ...chain.map((ref, level) =>
        grown({
          ...ref,
          kind: 'access_token',
          ...(level === 0 ? { consent } : { parent: chain[level - 1] }),
        }),
      ),
    );
    const { stdout } = await rescind('consent', 'show', consent.id);
    expect(outline(stdout)).toEqual(
      chain.map(({ authority, id }, level) => `${'  '.repeat(level)}${authority}/${id}`),
    );
    const { trees } = await nested(consent.id);
    expect(shape(trees)).toEqual(
      chain.reduceRight<unknown[]>((below, { id }) => (below.length > 0 ? [id, below] : [id]), []),
    );
  });

  it('shows a credential with two ancestors once, and refers to it the second time', async () => {
    const consent = freshConsent();
    const [a, b, both, leaf] = ['a', 'b', 'both', 'leaf'].map((name) => bank(fresh(name)));
    await add(
      grown({ ...a, consent } as Credential),
      grown({ ...b, consent } as Credential),
      grown({ ...both, parent: a, replaces: b } as Credential),
      grown({ ...leaf, parent: both } as Credential),
    );
    const { stdout } = await rescind('consent', 'show', consent.id);
    expect(outline(stdout)).toEqual([
      `bank/${a?.id}`,
      `  bank/${both?.id}`,
      `    bank/${leaf?.id}`,
      `bank/${b?.id}`,
      `bank/${both?.id}`,
    ]);
    expect(stdout).toMatch(new RegExp(`bank/${both?.id} +… see above +refreshed from bank/${b?.id}\n$`));
    expect(shape((await nested(consent.id)).trees)).toEqual([
      a?.id,
      [both?.id, [leaf?.id]],
      b?.id,
      `${both?.id} again`,
    ]);
  });

  it('ends if credentials name each other in a circle', async () => {
    const consent = freshConsent();
    const [a, b, self] = [bank(fresh('a')), bank(fresh('b')), bank(fresh('self'))];
    await add(
      grown({ ...a, consent, parent: b }),
      grown({ ...b, parent: a }),
      grown({ ...self, consent, parent: self }),
    );
    const { code, stdout } = await rescind('consent', 'show', consent.id);
    expect(code).toBe(0);
    expect(outline(stdout)).toEqual([
      `bank/${a.id}`,
      `  bank/${b.id}`,
      `    bank/${a.id}`,
      `bank/${self.id}`,
      `  bank/${self.id}`,
    ]);
    expect(stdout.match(/… see above/g)).toHaveLength(2);
  });

  it('marks a credential that serves another active consent, and leaves its descendants there', async () => {
    const consent = freshConsent();
    const [standing, fallen] = [freshConsent(), freshConsent()];
    const grant = grantId(fresh('grant'));
    const [own, theirs, gone, below] = ['own', 'theirs', 'gone', 'below'].map((name) => bank(fresh(name)));
    // another partner names the same grant: its credentials do not belong here
    const stranger = bank(fresh('stranger'));
    await add(
      grown({ ...own, consent, grant } as Credential),
      grown({ ...theirs, consent: standing, grant } as Credential),
      grown({ ...gone, consent: fallen, grant } as Credential),
      grown({ ...below, parent: theirs } as Credential),
      grown({ ...stranger, grant, partner: partnerId('another') }),
      { kind: 'raise-fence', fence: fenceOf({ subject: { type: 'consent', id: fallen.id } }), from: null },
    );
    const { stdout } = await rescind('consent', 'show', consent.id);
    expect(outline(stdout)).toEqual([`bank/${own?.id}`, `  bank/${gone?.id}`, `  bank/${theirs?.id}`]);
    expect(stdout.split('\n').slice(-4)).toEqual([
      '',
      'these serve another active consent; their descendants are shown under that consent',
      `  bank/${theirs?.id}  serves ${standing.id}@1`,
      '',
    ]);
    const other = await rescind('consent', 'show', standing.id);
    expect(outline(other.stdout)).toContain(`  bank/${below?.id}`);
  });

  it('does not count a consent of a cut-off partner as active', async () => {
    const consent = freshConsent();
    const other = freshConsent();
    const partner = partnerId(fresh('partner'));
    const own = bank(fresh('own'));
    await add(
      { kind: 'register-partner', partner: { id: partner, name: 'Cut off', revision: 1 }, from: null },
      granted(other.id, { partner }),
      grown({ ...own, consent }),
      grown({ ...gate(fresh('theirs')), partner, consent: other, parent: own }),
    );
    const look = async (id: string) => (await rescind('consent', 'show', id)).stdout;
    expect(await look(consent.id)).toContain(`serves ${other.id}@1`);
    const fence = fenceOf({ subject: { type: 'partner', id: partner } });
    await add({ kind: 'raise-fence', fence, from: null });
    expect(await look(consent.id)).not.toContain('serves');
    expect(await look(other.id)).toContain(
      `fence     -\ncut off   ${at}  revision 1, raised by ${fence.case}\n`,
    );
  });

  it('names the subjects of active holds', async () => {
    const consent = freshConsent();
    const [rt, below] = [bank(fresh('rt')), gate(fresh('at'))];
    await add(grown({ ...rt, consent }), grown({ ...below, parent: rt }));
    const held = (subject: Parameters<typeof holdIdOf>[0]): Write => {
      const id = holdIdOf(subject, '01JHOLD');
      return {
        kind: 'place-hold',
        hold: { id, subject, state: 'held', reason: 'r', by: 'arn', at },
        after: null,
      };
    };
    await add(held({ type: 'consent', id: consent.id }), held({ type: 'credential', ...below }));
    expect((await rescind('consent', 'show', consent.id)).stdout).toContain('held      consent\n');
    expect((await nested(consent.id)).trees).toMatchObject([
      { id: rt.id, held: true, heldBy: ['consent'], grew: [{ id: below.id, heldBy: ['credential'] }] },
    ]);
  });

  it('lists five hundred of six hundred credentials, and says how to see the others', async () => {
    const consent = { ...freshConsent(), generation: 2 };
    const name = fresh('rt');
    const earlier = { ...consent, generation: 1 };
    await add(
      granted(consent.id, { generation: 2 }),
      ...Array.from({ length: 600 }, (_, n) => grown({ ...bank(`${name}-${1000 + n}`), consent })),
      grown({ ...bank(fresh('earlier')), consent: earlier }),
    );
    const { stdout } = await rescind('consent', 'show', consent.id);
    expect(stdout.match(new RegExp(`^bank/${name}`, 'gm'))).toHaveLength(500);
    expect(stdout).toContain(`there are more than these 500 credentials
  all that name the consent: rescind inventory list --consent ${consent.id}@2
  all of the partner: rescind inventory list --partner acme
`);
    expect(stdout).toMatch(
      new RegExp(`\ncredentials not listed here: rescind consent show ${consent.id}@1\n$`),
    );
    expect(await rescindJson('consent', 'show', consent.id)).toMatchObject({
      result: {
        generations: [
          { listed: 500, left: 'more' },
          { listed: 0, left: 'more' },
        ],
      },
    });
  });

  it('shows a refresh token that was refreshed five hundred times as a list', async () => {
    const consent = freshConsent();
    const refs = Array.from({ length: 500 }, (_, n) => bank(`${consent.id}-rt-${1000 - n}`));
    await add(...refs.map((ref, n) => grown({ ...ref, consent, ...(n > 0 && { replaces: refs[n - 1] }) })));
    const { stdout } = await rescind('consent', 'show', consent.id);
    expect(outline(stdout)).toEqual(refs.map(({ id }) => `bank/${id}`));
  });

  it('says where it goes no deeper, for known and for unknown descendants', async () => {
    const [known, unknown] = [freshConsent(), freshConsent()];
    const chainOf = (prefix: string) => Array.from({ length: 30 }, (_, n) => bank(`${prefix}-${100 + n}`));
    const [named, nameless] = [chainOf(known.id), chainOf(unknown.id)];
    await add(
      ...named.map((ref, n) => grown({ ...ref, consent: known, parent: named[n - 1] })),
      ...nameless.map((ref, n) =>
        grown({ ...ref, ...(n === 0 ? { consent: unknown } : { parent: nameless[n - 1] }) }),
      ),
    );
    const [deep, far] = [
      await rescind('consent', 'show', known.id),
      await rescind('consent', 'show', unknown.id),
    ];
    expect(deep.stdout).toContain('6 more are deeper than 24 levels\n  all that name the consent: rescind ');
    expect(far.stdout).toContain('there are more descendants, farther than 24 steps\n');
    expect(deep.stdout).not.toContain(named[24]?.id);
    expect(far.stdout).toContain(`${'  '.repeat(23)}bank/${nameless[23]?.id}`);
  });

  it('escapes ids that would act on the terminal', async () => {
    const id = consentId(`${fresh('consent')}\u001b[2J\u202e`);
    const consent = { id, generation: 1 };
    const rt = bank(`rt\u001b]0;owned\u0007\nbank/fake`);
    await add(
      granted(id, { scopes: ['a\nstate     granted'] }),
      grown({ ...rt, consent, grant: grantId('g\u009b2J') }),
      grown({ ...gate('at\u2028x'), parent: rt }),
      ...Array.from({ length: 499 }, (_, n) => grown({ ...bank(`${id}-${n}`), parent: rt })),
    );
    const { stdout } = await rescind('consent', 'show', `${id}@1`);
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/);
    expect(stdout.match(/^state /gm)).toHaveLength(1);
    expect(stdout).toContain(String.raw`bank/rt\u001b]0;owned\u0007\u000abank/fake`);
    expect(stdout).toContain(String.raw`\u001b[2J`);
    expect(stdout).toContain('there are more than these 500');
    const { stdout: json } = await rescind('consent', 'show', `${id}@1`, '--json');
    expect(json.trimEnd().split('\n')).toHaveLength(1);
  });
});
