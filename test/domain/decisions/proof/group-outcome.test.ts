import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addTallies, emptyTally, type Tally } from '../../../../lib/domain/case/case.ts';
import { credentialTransitions } from '../../../../lib/domain/inventory/credential.ts';
import type { Evidence } from '../../../../lib/domain/decisions/proof/judge.ts';
import { groupOutcome, settle, type Settled } from '../../../../lib/domain/decisions/proof/settle.ts';
import { authorityId, credentialId } from '../../../../lib/domain/ids.ts';
import { type Obligation, obligationTransitions } from '../../../../lib/domain/case/obligation.ts';
import { anyGroup } from '../../attempts.ts';
import {
  caseOf,
  credentialOf,
  entryOf,
  evidenceOf,
  now,
  obligationOf,
  only,
  rfc3339,
  seen,
  stampOf,
} from '../../objects.ts';

const where = { case: caseOf().id, shard: 3, authority: authorityId('bank') };
const retryAt = rfc3339(now + 2_000);

function tried(id: string, evidence: Partial<Evidence>, over: Partial<Obligation> = {}): Settled {
  const name = credentialId(id);
  return settle({
    obligation: obligationOf({ id: name, shard: 3, ...over }),
    credential: credentialOf({ id: name, state: 'condemned', expiresAt: rfc3339(now + 60_000) }),
    evidence: evidenceOf(evidence),
    retryAt,
  });
}
const dies = { before: [seen('active', now - 9)], after: [seen('inactive')] };
const lives = { after: [seen('active')] };
const drains = { revoked: { kind: 'unsupported' } } as const;

/** What a recount of these obligations gives. */
const recount = (states: readonly { state: Obligation['state']; uncovered: boolean }[]): Tally =>
  addTallies(
    ...states.map(({ state, uncovered }) => ({ planned: 1, [state]: 1, uncovered: uncovered ? 1 : 0 })),
  );

describe('groupOutcome: the tally', () => {
  it('agrees with a recount of the obligations after any group', () => {
    fc.assert(
      fc.property(anyGroup, (group) => {
        const before = recount(group.map(({ obligation }) => obligation));
        const moved = only(groupOutcome(group, where, stampOf()), 'add-tally').map(({ tally }) => tally);
        const after = addTallies(before, ...moved);
        expect(after).toEqual(recount(group.map(({ state }) => ({ state, uncovered: false }))));
        expect(after.planned).toBe(after.dead + after.draining + after.waived + after.open);
      }),
    );
  });

  it('is one sum for the whole group, at its shard', () => {
    const group = [tried('a', dies), tried('b', dies), tried('c', drains), tried('d', lives)];
    expect(only(groupOutcome(group, where, stampOf()), 'add-tally')).toEqual([
      {
        kind: 'add-tally',
        case: where.case,
        shard: 3,
        tally: { ...emptyTally, dead: 2, draining: 1, open: -3 },
      },
    ]);
  });

  it('is left alone when no count changes', () => {
    expect(only(groupOutcome([tried('a', lives)], where, stampOf()), 'add-tally')).toEqual([]);
  });

  it('counts an uncovered one as covered once a connector tried it', () => {
    const writes = groupOutcome([tried('a', lives, { uncovered: true })], where, stampOf());
    expect(only(writes, 'add-tally').map(({ tally }) => tally)).toEqual([{ ...emptyTally, uncovered: -1 }]);
    expect(only(writes, 'settle-obligation').map(({ to }) => to.uncovered)).toEqual([false]);
  });
});

describe('groupOutcome: rows', () => {
  it('settles each obligation once, with one attempt more', () => {
    const writes = groupOutcome([tried('a', dies, { attempts: 4 }), tried('b', lives)], where, stampOf());
    expect(only(writes, 'settle-obligation').map(({ from, to }) => [from.id, to.state, to.attempts])).toEqual(
      [
        ['a', 'dead', 5],
        ['b', 'open', 1],
      ],
    );
  });

  it('says when an unproven one is due again and what it came to', () => {
    const [settled] = only(groupOutcome([tried('b', lives)], where, stampOf()), 'settle-obligation');
    expect(settled?.to).toMatchObject({ dueAt: retryAt, seenActiveAt: now });
    expect(settled?.to.last).toMatch(/^unconfirmed\/alive revocation:\S+ introspection:active$/);
  });

  it('moves the credential with its obligation', () => {
    const writes = groupOutcome([tried('a', dies), tried('c', drains), tried('d', lives)], where, stampOf());
    expect(
      only(writes, 'move-credential').map(({ credential, from, to }) => [credential.id, from, to]),
    ).toEqual([
      ['a', 'condemned', 'dead'],
      ['c', 'condemned', 'draining'],
    ]);
  });

  it('leaves a credential that another case killed where it is', () => {
    const settled = { ...tried('a', dies), credential: credentialOf({ state: 'dead' }) };
    const writes = groupOutcome([settled], where, stampOf());
    expect(only(writes, 'move-credential')).toEqual([]);
    expect(only(writes, 'settle-obligation')).toHaveLength(1);
  });

  it('makes only moves that the state machines know', () => {
    fc.assert(
      fc.property(anyGroup, (group) => {
        const writes = groupOutcome(group, where, stampOf());
        for (const { from, to } of only(writes, 'move-credential'))
          expect(credentialTransitions[from]).toContain(to);
        const moved = only(writes, 'settle-obligation').filter(({ from, to }) => from.state !== to.state);
        for (const { from, to } of moved) expect(obligationTransitions[from.state]).toContain(to.state);
      }),
    );
  });
});

describe('groupOutcome: entry and event', () => {
  it('lists every attempt in one entry', () => {
    fc.assert(
      fc.property(anyGroup, (group) => {
        const { facts } = entryOf(groupOutcome(group, where, stampOf()));
        const names = group.map(({ obligation: { authority, id } }) => `credential/${authority}/${id}`);
        const listed = facts['attempts'] as readonly { readonly credential: string }[];
        expect(listed.map(({ credential }) => credential)).toEqual(names);
      }),
    );
  });

  it('says what was asked, seen and concluded', () => {
    const evidence = { ...lives, revoked: { kind: 'unconfirmed', because: 'http-503' } } as const;
    const { facts } = entryOf(groupOutcome([tried('a', evidence)], where, stampOf()));
    expect(facts).toEqual({
      authority: 'bank',
      attempts: [
        {
          credential: 'credential/bank/a',
          attempt: 1,
          revocation: 'unconfirmed:http-503',
          outcome: 'unconfirmed',
          verdict: 'alive',
          sightings: [{ vantage: 'introspection', answer: 'active', because: 'active', at: now }],
        },
      ],
    });
  });

  it('is called revoked when something died and probed when nothing did', () => {
    expect(entryOf(groupOutcome([tried('a', dies), tried('b', lives)], where, stampOf())).kind).toBe(
      'revoked',
    );
    expect(entryOf(groupOutcome([tried('b', lives), tried('c', drains)], where, stampOf())).kind).toBe(
      'probed',
    );
  });

  it('announces exactly the dead ones, each with its proof', () => {
    fc.assert(
      fc.property(anyGroup, (group) => {
        const dead = group.filter(({ state }) => state === 'dead');
        const events = only(groupOutcome(group, where, stampOf()), 'queue-event');
        expect(events).toHaveLength(dead.length > 0 ? 1 : 0);
        const told = events.flatMap(({ event }) =>
          event.type === 'Credential Revoked' ? event.detail.credentials : [],
        );
        expect(told).toEqual(
          dead.map(({ obligation: { authority, id, kind }, judgement: { proof } }) => ({
            authority,
            id,
            kind,
            proof,
          })),
        );
      }),
    );
  });

  it('repeats no handle and no fingerprint', () => {
    const settled = tried('a', dies);
    const credential = credentialOf({ ...settled.credential, handle: 'CANARY-1', fingerprint: 'CANARY-2' });
    const writes = groupOutcome([{ ...settled, credential }], where, stampOf());
    const said = [...only(writes, 'append-entry'), ...only(writes, 'queue-event')];
    expect(JSON.stringify(said)).not.toContain('CANARY');
  });
});
