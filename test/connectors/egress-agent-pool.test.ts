import { describe, expect, it } from 'vitest';
import { createAgentPool } from '../../lib/connectors/egress/agent-pool.ts';

describe('createAgentPool', () => {
  it('shares connections between calls with the same key only', () => {
    const pool = createAgentPool();
    expect(pool.agentFor('bank 192.0.2.1')).toBe(pool.agentFor('bank 192.0.2.1'));
    expect(pool.agentFor('bank 192.0.2.1')).not.toBe(pool.agentFor('bank 192.0.2.2'));
  });

  // A Lambda that is frozen between two calls wakes with connections that the other side closed long ago.
  it('does not trust connections after a silence', () => {
    let now = 0;
    const pool = createAgentPool(() => now);
    const first = pool.agentFor('bank');
    now = 3_999;
    expect(pool.agentFor('bank')).toBe(first);
    now = 3_999 + 4_000;
    expect(pool.agentFor('bank')).not.toBe(first);
  });

  it('forgets the host that was unused longest when there are too many', () => {
    const pool = createAgentPool(() => 0);
    const [first, second] = [pool.agentFor('host-0'), pool.agentFor('host-1')];
    for (let n = 2; n < 64; n += 1) pool.agentFor(`host-${n}`);
    expect(pool.agentFor('host-0')).toBe(first);
    pool.agentFor('host-64');
    expect(pool.agentFor('host-0')).toBe(first);
    expect(pool.agentFor('host-1')).not.toBe(second);
  });
});
