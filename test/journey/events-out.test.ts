import { expect, it } from 'vitest';
import { type EventTypeOut, eventsOut } from '../../lib/wire/events-out.ts';
import { explain } from '../../lib/wire/explain.ts';
import { wholeStory } from './whole-story.ts';

/** The contract with whoever listens: each event that really leaves is what its schema says, and no member more. */
it('what Rescind sends fits the schema of its type, and there is an event of each type', async () => {
  const { exitCode, sent } = await wholeStory();
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
