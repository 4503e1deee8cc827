import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addTallies, caseTransitions, type Cursor } from '../../lib/domain/case.ts';
import type { Credential } from '../../lib/domain/credential.ts';
import { type Page, planPage } from '../../lib/domain/decisions/plan.ts';
import { authorityId, credentialId } from '../../lib/domain/ids.ts';
import { shardOf } from '../../lib/domain/obligation.ts';
import { caseOf, credentialOf, credentialsOf, entryOf, only, stampOf } from './objects.ts';

const cursor: Cursor = { node: { kind: 'consent', id: 'consent-1', generation: 1 } };
const page = (credentials: readonly Credential[], over: Partial<Page> = {}): Page => ({
  credentials,
  planned: () => false,
  covered: () => true,
  ...over,
});
const plan = (planned = caseOf(), of: Page = page(credentialsOf(1)), at = cursor) =>
  planPage(planned, at, of, stampOf());
const obligationsOf = (transactions: ReturnType<typeof planPage>) =>
  transactions.map((writes) => only(writes, 'open-obligation').map(({ obligation }) => obligation));

describe('planPage: groups', () => {
  it('puts 25 credentials into a transaction', () => {
    const sizes = obligationsOf(plan(caseOf(), page(credentialsOf(60)))).map(({ length }) => length);
    expect(sizes).toEqual([25, 25, 10]);
  });

  it('fills the last transaction where the credentials come out even', () => {
    const sizes = obligationsOf(plan(caseOf(), page(credentialsOf(50)))).map(({ length }) => length);
    expect(sizes).toEqual([25, 25]);
  });

  it('moves cursor and case in the last transaction only', () => {
    const walking = ['move-cursor', 'drop-cursor', 'move-case'];
    const walks = plan(caseOf(), page(credentialsOf(60))).map((writes) =>
      writes.filter(({ kind }) => walking.includes(kind)).map(({ kind }) => kind),
    );
    expect(walks).toEqual([[], [], ['drop-cursor', 'move-case']]);
  });

  it('still moves the cursor when a page holds nothing', () => {
    const transactions = plan(caseOf(), page([]));
    expect(transactions).toHaveLength(1);
    expect(transactions.flatMap((writes) => only(writes, 'drop-cursor'))).toHaveLength(1);
  });

  it('records each transaction in one entry that names its credentials', () => {
    for (const writes of plan(caseOf(), page(credentialsOf(60)))) {
      const { kind, facts, case: about } = entryOf(writes);
      const names = only(writes, 'open-obligation').map(({ obligation: o }) => `credential/bank/${o.id}`);
      expect({ kind, about, names: facts['credentials'] }).toEqual({
        kind: 'planned',
        about: caseOf().id,
        names,
      });
    }
  });
});

describe('planPage: what it condemns', () => {
  it('condemns a live credential and opens its obligation at once', () => {
    const [writes = []] = plan();
    expect(only(writes, 'move-credential')).toMatchObject([{ round: 1, from: 'live', to: 'condemned' }]);
    expect(only(writes, 'open-obligation')).toMatchObject([
      { obligation: { state: 'open', round: 1, attempts: 0, uncovered: false } },
    ]);
  });

  it.each(['condemned', 'draining'] as const)('opens an obligation for one that is already %s', (state) => {
    const [writes = []] = plan(caseOf(), page([credentialOf({ state })]));
    expect(only(writes, 'move-credential')).toEqual([]);
    expect(only(writes, 'open-obligation')).toHaveLength(1);
  });

  it('skips the dead', () => {
    const credentials = [credentialOf({ state: 'dead' }), ...credentialsOf(3)];
    expect(obligationsOf(plan(caseOf(), page(credentials))).flat()).toHaveLength(3);
  });

  it('skips what an earlier run of this page planned', () => {
    const of = page(credentialsOf(30), { planned: ({ id }) => id !== 'rt-7' });
    expect(
      obligationsOf(plan(caseOf(), of))
        .flat()
        .map(({ id }) => id),
    ).toEqual(['rt-7']);
  });

  it('names and counts those whose authority has no connector', () => {
    const lost = credentialOf({ authority: authorityId('nowhere'), id: credentialId('k-1') });
    const of = page([credentialOf(), lost], { covered: ({ authority }) => authority === 'bank' });
    const [writes = []] = plan(caseOf(), of);
    expect(entryOf(writes).facts['uncovered']).toEqual(['credential/nowhere/k-1']);
    expect(only(writes, 'add-tally')[0]?.tally).toMatchObject({ planned: 2, open: 2, uncovered: 1 });
    expect(only(writes, 'open-obligation').map(({ obligation: o }) => o.uncovered)).toEqual([false, true]);
  });

  it('puts each obligation into its shard and counts it there', () => {
    const planned = caseOf({ shards: 7 });
    for (const writes of plan(planned, page(credentialsOf(60)))) {
      const opened = only(writes, 'open-obligation').map(({ obligation }) => obligation);
      for (const obligation of opened) expect(obligation.shard).toBe(shardOf(obligation, 7));
      for (const { shard, tally } of only(writes, 'add-tally'))
        expect(tally).toMatchObject({ planned: opened.filter((o) => o.shard === shard).length });
    }
  });
});

describe('planPage: the walk', () => {
  const last = (transactions: ReturnType<typeof planPage>) => transactions.at(-1) ?? [];

  it('moves the cursor behind the page while edges are left', () => {
    const writes = last(plan(caseOf({ state: 'planning' }), page(credentialsOf(1), { next: 'edge#9' })));
    expect(only(writes, 'move-cursor')).toMatchObject([{ cursor, after: 'edge#9' }]);
    expect(only(writes, 'move-case')).toEqual([]);
  });

  it('takes an open case to planning with its first page', () => {
    const writes = last(plan(caseOf(), page(credentialsOf(1), { next: 'edge#9' })));
    expect(only(writes, 'move-case')).toMatchObject([
      { from: { state: 'open', cursors: 1 }, to: { state: 'planning', cursors: 1 } },
    ]);
  });

  it('takes the case to working when the last node is listed', () => {
    const writes = last(plan(caseOf({ state: 'planning' })));
    expect(only(writes, 'move-case')).toMatchObject([
      { from: { state: 'planning', cursors: 1 }, to: { state: 'working', cursors: 0 } },
    ]);
  });

  it('keeps planning while another node waits', () => {
    const writes = last(plan(caseOf({ cursors: 2 })));
    expect(only(writes, 'move-case')).toMatchObject([{ to: { state: 'planning', cursors: 1 } }]);
  });

  it('leaves a working case working when a latecomer was listed', () => {
    const writes = last(plan(caseOf({ state: 'working', cursors: 2 })));
    expect(only(writes, 'move-case')).toMatchObject([{ to: { state: 'working', cursors: 1 } }]);
  });

  it('makes only moves that the state machine knows', () => {
    const anyCase = fc.record({
      state: fc.constantFrom('open' as const, 'planning' as const, 'working' as const),
      cursors: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(anyCase, fc.option(fc.constant('edge#9'), { nil: undefined }), (of, next) => {
        const moves = plan(caseOf(of), page([], { next })).flatMap((writes) => only(writes, 'move-case'));
        for (const { from, to } of moves.filter((move) => move.from.state !== move.to.state))
          expect(caseTransitions[from.state]).toContain(to.state);
      }),
    );
  });
});

describe('planPage: a crash between its transactions', () => {
  it('costs no credential and plans none twice, wherever it falls', () => {
    const count = fc.integer({ min: 0, max: 120 });
    fc.assert(
      fc.property(count, fc.nat(5), fc.integer({ min: 1, max: 9 }), (size, crash, shards) => {
        const credentials = credentialsOf(size);
        const planned = caseOf({ shards });
        const all = plan(planned, page(credentials));
        const committed = all.slice(0, Math.min(crash, all.length - 1));
        const known = new Set(
          obligationsOf(committed)
            .flat()
            .map(({ id }) => id),
        );
        const seenAgain = credentials.map((credential) =>
          known.has(credential.id) ? { ...credential, state: 'condemned' as const } : credential,
        );
        const repeated = plan(planned, page(seenAgain, { planned: ({ id }) => known.has(id) }));
        const written = [...committed, ...repeated];
        expect(
          obligationsOf(written)
            .flat()
            .map(({ id }) => id)
            .sort(),
        ).toEqual(credentials.map(({ id }) => id).sort());
        const tallies = written.flatMap((w) => only(w, 'add-tally')).map(({ tally }) => tally);
        expect(addTallies(...tallies)).toMatchObject({ planned: size, open: size });
        expect(written.flatMap((w) => only(w, 'drop-cursor'))).toHaveLength(1);
      }),
    );
  });
});
