import { describe, expect, it } from 'vitest';
import { caseTransitions } from '../../lib/domain/case/case.ts';
import { credentialTransitions } from '../../lib/domain/inventory/credential.ts';
import { obligationTransitions } from '../../lib/domain/case/obligation.ts';

type Table = Readonly<Record<string, readonly string[]>>;

/** Every state that can come after `state`, however late. */
function reachable(table: Table, state: string): ReadonlySet<string> {
  const found = new Set<string>();
  const queue = [...(table[state] ?? [])];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    queue.push(...(table[next] ?? []));
  }
  return found;
}

describe.each<[string, Table]>([
  ['case', caseTransitions],
  ['credential', credentialTransitions],
  ['obligation', obligationTransitions],
])('the state machine of a %s', (_, table) => {
  it('leads to its own states only', () => {
    const states = Object.keys(table);
    for (const next of Object.values(table).flat()) expect(states).toContain(next);
  });

  it('never returns to a state that it left', () => {
    for (const state of Object.keys(table)) expect(reachable(table, state)).not.toContain(state);
  });
});

describe('the ends', () => {
  it('brings no credential back to live', () => {
    expect(Object.values(credentialTransitions).flat()).not.toContain('live');
  });

  it('lets nothing follow a dead credential', () => {
    expect(credentialTransitions.dead).toEqual([]);
  });

  it('lets nothing follow a dead or waived obligation', () => {
    expect([obligationTransitions.dead, obligationTransitions.waived]).toEqual([[], []]);
  });

  it('lets nothing follow a closed case', () => {
    expect(caseTransitions.closed).toEqual([]);
  });

  it('closes only a case that was worked', () => {
    const before = Object.entries(caseTransitions).filter(([, next]) =>
      (next as readonly string[]).includes('closed'),
    );
    expect(before.map(([state]) => state)).toEqual(['working']);
  });
});
