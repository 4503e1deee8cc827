import { describe, expect, it } from 'vitest';
import type { Stage } from '../story/stage.ts';
import { type EventTypeOut, eventsOut } from '../../lib/wire/events-out.ts';
import { explain } from '../../lib/wire/explain.ts';
import { play } from './play.ts';
import { announce as announceIn } from './rig.ts';

/** What the acts leave out: a token takes another's place, one is exchanged, a consent comes to its time. */
async function playTheRest({ world }: Stage): Promise<void> {
  const occurredAt = new Date(world.clock.now()).toISOString();
  const announce = (id: string, source: string, type: string, detail: object) =>
    announceIn(world, { source, type, detail: { version: 1, id, occurredAt, ...detail } });
  const credential = { authority: 'bank', kind: 'access_token', partner: 'birch' };
  await announce('rest-1', 'bank.tokens', 'Credential Refreshed', {
    credential: { ...credential, id: 'rest-2' },
    replaces: { authority: 'bank', id: 'rest-1' },
  });
  await announce('rest-2', 'bank.tokens', 'Credential Exchanged', {
    credential: { ...credential, id: 'rest-3', sha256: 'ab'.repeat(32) },
    parent: { authority: 'elsewhere', id: 'rest-2' },
  });
  await announce('rest-3', 'bank.consents', 'Consent Granted', {
    consent: { id: 'rest', generation: 3 },
    partner: 'birch',
    customer: 'customer-1',
    scopes: [],
    grantedAt: occurredAt,
    expiresAt: new Date(world.clock.now() + 60_000).toISOString(),
  });
  await world.clock.advance(2 * 60_000);
  await world.settle();
}

/** The contract with whoever listens: each event that really leaves is what its schema says, and no member more. */
describe('what Rescind sends', () => {
  it('fits the schema of its type, and there is an event of each type', async () => {
    let sent: Stage['observer']['sent'] = [];
    const { exitCode } = await play({
      acts: ['withdrawal', 'expiry', 'rotation', 'hold', 'cut-off'],
      onEnd: async (stage) => {
        await playTheRest(stage);
        ({ sent } = stage.observer);
      },
    });
    expect(exitCode).toBe(0);
    const faults = sent.flatMap(({ 'detail-type': type, detail }) => {
      const schema = Object.hasOwn(eventsOut, type) ? eventsOut[type as EventTypeOut] : undefined;
      const parsed = schema?.safeParse(detail);
      return parsed?.success ? [] : [`${type}: ${parsed ? explain(parsed.error) : 'has no schema'}`];
    });
    expect(faults).toEqual([]);
    expect([...new Set(sent.map((event) => event['detail-type']))].toSorted()).toEqual(
      Object.keys(eventsOut).toSorted(),
    );
  });
});
