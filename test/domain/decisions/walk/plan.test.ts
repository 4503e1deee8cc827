import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addTallies,
  type Batch,
  type Case,
  caseTransitions,
  type Cursor,
} from '../../../../lib/domain/case/case.ts';
import type { Credential } from '../../../../lib/domain/inventory/credential.ts';
import { planStep, type Standing, type Step } from '../../../../lib/domain/decisions/walk/plan.ts';
import { consentId, credentialId, grantId } from '../../../../lib/domain/ids.ts';
import { planGroup, walkBranches } from '../../../../lib/domain/limits.ts';
import { shardOf } from '../../../../lib/domain/case/obligation.ts';
import { caseOf, credentialOf, credentialsOf, entryOf, only, stampOf } from '../../objects.ts';

const cursor: Cursor = { node: { kind: 'consent', id: 'consent-1', generation: 1 } };
const owed: Standing = { kind: 'owed', covered: true };
const consent2 = { id: consentId('consent-2'), generation: 1 };

const stepOf = (
  credentials: readonly Credential[],
  over: Partial<Step> & { readonly standing?: (credential: Credential) => Standing } = {},
): Step => {
  const { standing = () => owed, ...rest } = over;
  return {
    credentials: credentials.map((credential) => ({ credential, standing: standing(credential) })),
    grants: { listed: new Set(), foreign: new Set() },
    ...rest,
  };
};
type Transactions = ReturnType<typeof planStep>;
const plan = (planned: Case = caseOf(), step: Step = stepOf(credentialsOf(1)), at = cursor): Transactions =>
  planStep(planned, at, step, stampOf());
const obligationsOf = (transactions: Transactions) =>
  transactions.map((writes) => only(writes, 'open-obligation').map(({ obligation }) => obligation));
const batchesOf = (transactions: Transactions): readonly Batch[] =>
  transactions
    .flatMap((writes) => only(writes, 'branch-cursor'))
    .flatMap(({ cursor: { node } }) => (node.kind === 'batch' ? [node] : []));
const last = (transactions: Transactions) => transactions.at(-1) ?? [];

describe('planStep: groups', () => {
  it('puts as many credentials into a transaction as fit', () => {
    const sizes = obligationsOf(plan(caseOf(), stepOf(credentialsOf(2 * planGroup + 3)))).map(
      ({ length }) => length,
    );
    expect(sizes).toEqual([planGroup, planGroup, 3]);
  });

  it('fills the last transaction where the credentials come out even', () => {
    const sizes = obligationsOf(plan(caseOf(), stepOf(credentialsOf(2 * planGroup)))).map(
      ({ length }) => length,
    );
    expect(sizes).toEqual([planGroup, planGroup]);
  });

  it('moves the cursor that led here in the last transaction only', () => {
    const walks = plan(caseOf(), stepOf(credentialsOf(2 * planGroup + 1))).map((writes) =>
      writes.filter(({ kind }) => kind === 'move-cursor' || kind === 'drop-cursor').map(({ kind }) => kind),
    );
    expect(walks).toEqual([[], [], ['drop-cursor']]);
  });

  it('still moves the cursor when a step finds nothing', () => {
    const transactions = plan(caseOf(), stepOf([]));
    expect(transactions).toHaveLength(1);
    expect(transactions.flatMap((writes) => only(writes, 'drop-cursor'))).toHaveLength(1);
  });

  it('records each transaction in one entry that names its credentials', () => {
    for (const writes of plan(caseOf(), stepOf(credentialsOf(2 * planGroup + 1)))) {
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

describe('planStep: what it condemns', () => {
  it('condemns a live credential in the name of the case and opens its obligation at once', () => {
    const [writes = []] = plan();
    expect(only(writes, 'move-credential')).toMatchObject([
      { round: 1, from: 'live', to: 'condemned', by: caseOf().id },
    ]);
    expect(only(writes, 'open-obligation')).toMatchObject([
      { obligation: { state: 'open', round: 1, attempts: 0, uncovered: false } },
    ]);
  });

  it.each(['condemned', 'draining'] as const)(
    'marks one that another ending made %s, and opens an obligation',
    (state) => {
      const [writes = []] = plan(caseOf(), stepOf([credentialOf({ state })]));
      expect(only(writes, 'move-credential')).toEqual([]);
      expect(only(writes, 'mark-credential')).toMatchObject([{ by: caseOf().id }]);
      expect(only(writes, 'open-obligation')).toHaveLength(1);
    },
  );

  it('marks nothing that another walk came through', () => {
    const condemnedBy = caseOf({ generation: 7 }).id;
    const [writes = []] = plan(caseOf(), stepOf([credentialOf({ state: 'condemned', condemnedBy })]));
    expect(only(writes, 'mark-credential')).toEqual([]);
  });

  it('owes nothing for the dead, and still walks on from them', () => {
    const dead = credentialOf({ state: 'dead', id: credentialId('gone') });
    const transactions = plan(caseOf(), stepOf([dead], { standing: () => ({ kind: 'passed' }) }));
    expect(obligationsOf(transactions).flat()).toEqual([]);
    expect(transactions.flatMap((writes) => only(writes, 'note-credential'))).toMatchObject([
      { note: { id: 'gone', as: 'passed' } },
    ]);
    expect(batchesOf(transactions)).toMatchObject([{ walked: [{ id: 'gone' }] }]);
  });

  it('lists what serves another consent, condemns it not, and does not walk on from it', () => {
    const transactions = plan(
      caseOf(),
      stepOf([credentialOf()], { standing: () => ({ kind: 'shared', serves: consent2 }) }),
    );
    const writes = last(transactions);
    expect(only(writes, 'note-credential')).toMatchObject([{ note: { as: 'shared', serves: consent2 } }]);
    expect(entryOf(writes).facts['shared']).toEqual(['credential/bank/rt-1']);
    expect([...only(writes, 'move-credential'), ...only(writes, 'open-obligation')]).toEqual([]);
    expect(batchesOf(transactions)).toEqual([]);
  });

  it('skips what the walk knows', () => {
    const step = stepOf(credentialsOf(30), {
      standing: ({ id }) => (id === 'rt-7' ? owed : { kind: 'known' }),
    });
    expect(
      obligationsOf(plan(caseOf(), step))
        .flat()
        .map(({ id }) => id),
    ).toEqual(['rt-7']);
  });

  it('names and counts those whose authority has no connector', () => {
    const lost = credentialOf({ id: credentialId('k-1') });
    const step = stepOf([credentialOf(), lost], {
      standing: ({ id }) => ({ kind: 'owed', covered: id !== 'k-1' }),
    });
    const [writes = []] = plan(caseOf(), step);
    expect(entryOf(writes).facts['uncovered']).toEqual(['credential/bank/k-1']);
    expect(only(writes, 'add-tally')[0]?.tally).toMatchObject({ planned: 2, open: 2, uncovered: 1 });
    expect(only(writes, 'open-obligation').map(({ obligation: o }) => o.uncovered)).toEqual([false, true]);
  });

  it('condemns each grant once, and none that was condemned before', () => {
    const some = [
      credentialOf({ id: credentialId('a'), grant: grantId('g1') }),
      credentialOf({ id: credentialId('b'), grant: grantId('g1') }),
      credentialOf({ id: credentialId('c'), grant: grantId('g2') }),
    ];
    const transactions = plan(
      caseOf(),
      stepOf(some, { grants: { listed: new Set(['grant/bank/fintech/g2']), foreign: new Set() } }),
    );
    const grants = transactions.flatMap((writes) => only(writes, 'condemn-grant'));
    expect(grants.map(({ grant }) => grant.grant)).toEqual(['g1']);
  });

  it('notes a grant that another case condemned, and lists it once more: other things shelter here', () => {
    const some = [credentialOf({ id: credentialId('a'), grant: grantId('g1') })];
    const grants = { listed: new Set<string>(), foreign: new Set(['grant/bank/fintech/g1']) };
    const transactions = plan(caseOf(), stepOf(some, { grants }));
    expect(transactions.flatMap((writes) => only(writes, 'condemn-grant'))).toEqual([]);
    expect(transactions.flatMap((writes) => only(writes, 'note-grant'))).toMatchObject([
      { grant: { grant: 'g1' } },
    ]);
    expect(batchesOf(transactions)).toMatchObject([{ walked: [{ grant: 'g1' }] }]);
  });

  it('condemns a grant once, where its credentials fill several transactions', () => {
    const many = credentialsOf(3 * planGroup, { grant: grantId('g1') });
    const grants = plan(caseOf(), stepOf(many)).flatMap((writes) => only(writes, 'condemn-grant'));
    expect(grants).toHaveLength(1);
  });

  it('withdraws the consents that are still granted, however many', () => {
    const granted = Array.from({ length: 2 * walkBranches + 1 }, (_, n) => ({
      id: consentId('consent-1'),
      generation: n + 1,
    }));
    const transactions = plan(caseOf(), stepOf([], { granted }));
    expect(
      transactions.flatMap((writes) => only(writes, 'withdraw-consent').map(({ consent }) => consent)),
    ).toEqual(granted);
    for (const writes of transactions) expect(entryOf(writes).changes.length).toBeGreaterThan(0);
  });

  it('puts each obligation into its shard and counts it there', () => {
    const planned = caseOf({ shards: 7 });
    for (const writes of plan(planned, stepOf(credentialsOf(60)))) {
      const opened = only(writes, 'open-obligation').map(({ obligation }) => obligation);
      for (const obligation of opened) expect(obligation.shard).toBe(shardOf(obligation, 7));
      for (const { shard, tally } of only(writes, 'add-tally'))
        expect(tally).toMatchObject({ planned: opened.filter((o) => o.shard === shard).length });
    }
  });
});

describe('planStep: the walk', () => {
  it('leaves a cursor to what grew out of each group, in the transaction that condemns it', () => {
    const transactions = plan(caseOf(), stepOf(credentialsOf(planGroup + 1, { grant: grantId('g') })));
    const walked = transactions.map((writes) => batchesOf([writes]).flatMap((batch) => batch.walked));
    expect(walked.map(({ length }) => length)).toEqual([planGroup, 1]);
    expect(walked[1]).toEqual([{ authority: 'bank', id: `rt-${planGroup}`, partner: 'fintech' }]);
    const ids = batchesOf(transactions).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });

  it('lists a grant from the batch that condemns it alone', () => {
    const transactions = plan(caseOf(), stepOf(credentialsOf(planGroup + 1, { grant: grantId('g') })));
    const listed = batchesOf(transactions).map(({ walked }) => walked.some(({ grant }) => grant === 'g'));
    expect(listed).toEqual([true, false]);
  });

  it('moves the cursor behind the page while edges are left', () => {
    const writes = last(plan(caseOf({ state: 'planning' }), stepOf([], { next: 'edge#9' })));
    expect(only(writes, 'move-cursor')).toMatchObject([{ cursor, after: 'edge#9' }]);
    expect(only(writes, 'move-case')).toEqual([]);
  });

  it('needs no entry for a step that changes no state', () => {
    const writes = last(plan(caseOf({ state: 'planning' }), stepOf([], { next: 'edge#9' })));
    expect(only(writes, 'append-entry')).toEqual([]);
  });

  it('takes an open case to planning with its first step, with a cursor to its children', () => {
    expect(only(last(plan()), 'move-case')).toMatchObject([
      { from: { state: 'open', cursors: 1 }, to: { state: 'planning', cursors: 1 } },
    ]);
  });

  it('takes the case to working when the last node is listed and nothing grew out of it', () => {
    const writes = last(plan(caseOf({ state: 'planning' }), stepOf([])));
    expect(only(writes, 'move-case')).toMatchObject([
      { from: { state: 'planning', cursors: 1 }, to: { state: 'working', cursors: 0 } },
    ]);
  });

  it('counts the nodes that it leaves to be listed by themselves', () => {
    const branch: Cursor = { node: { kind: 'grant', authority: 'bank', id: 'g' }, after: 'edge#9' };
    const writes = last(plan(caseOf({ state: 'planning' }), stepOf([], { branches: [branch, branch] })));
    expect(only(writes, 'branch-cursor').map((write) => write.cursor)).toEqual([branch, branch]);
    expect(only(writes, 'move-case')).toMatchObject([{ to: { state: 'planning', cursors: 2 } }]);
  });

  it('keeps planning while another node waits', () => {
    const writes = last(plan(caseOf({ cursors: 2 }), stepOf([])));
    expect(only(writes, 'move-case')).toMatchObject([{ to: { state: 'planning', cursors: 1 } }]);
  });

  it('leaves a working case working when a latecomer was listed', () => {
    const writes = last(plan(caseOf({ state: 'working', cursors: 2 }), stepOf([])));
    expect(only(writes, 'move-case')).toMatchObject([{ to: { state: 'working', cursors: 1 } }]);
  });

  it('makes only moves that the state machine knows, each from where the last one left it', () => {
    const anyCase = fc.record({
      state: fc.constantFrom('open' as const, 'planning' as const, 'working' as const),
      cursors: fc.integer({ min: 1, max: 3 }),
    });
    const next = fc.option(fc.constant('edge#9'), { nil: undefined });
    fc.assert(
      fc.property(anyCase, next, fc.nat(3 * planGroup), (of, after, size) => {
        const moves = plan(caseOf(of), stepOf(credentialsOf(size), { next: after })).flatMap((writes) =>
          only(writes, 'move-case'),
        );
        let at = { state: of.state as Case['state'], cursors: of.cursors };
        for (const { from, to } of moves) {
          expect(from).toEqual(at);
          expect(
            from.state === to.state || (caseTransitions[from.state] as readonly string[]).includes(to.state),
          ).toBe(true);
          at = { ...to };
        }
        const batches = Math.ceil(size / planGroup);
        expect(at.cursors).toBe(of.cursors + batches - (after === undefined ? 1 : 0));
      }),
    );
  });
});

describe('planStep: a crash between its transactions', () => {
  it('costs no credential, plans none twice and walks on from each once, wherever it falls', () => {
    const count = fc.integer({ min: 0, max: 120 });
    fc.assert(
      fc.property(count, fc.nat(5), fc.integer({ min: 1, max: 9 }), (size, crash, shards) => {
        const credentials = credentialsOf(size);
        const planned = caseOf({ shards });
        const all = plan(planned, stepOf(credentials));
        const committed = all.slice(0, Math.min(crash, all.length - 1));
        const known = new Set(
          obligationsOf(committed)
            .flat()
            .map(({ id }) => id),
        );
        const repeated = plan(
          planned,
          stepOf(credentials, { standing: ({ id }) => (known.has(id) ? { kind: 'known' } : owed) }),
        );
        const written = [...committed, ...repeated];
        const names = credentials.map(({ id }) => id).toSorted();
        expect(
          obligationsOf(written)
            .flat()
            .map(({ id }) => id)
            .toSorted(),
        ).toEqual(names);
        expect(
          batchesOf(written)
            .flatMap(({ walked }) => walked.map(({ id }) => id))
            .toSorted(),
        ).toEqual(names);
        const tallies = written.flatMap((w) => only(w, 'add-tally')).map(({ tally }) => tally);
        expect(addTallies(...tallies)).toMatchObject({ planned: size, open: size });
        expect(written.flatMap((w) => only(w, 'drop-cursor'))).toHaveLength(1);
      }),
    );
  });
});
