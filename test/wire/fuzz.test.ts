import { beforeAll, describe, expect, it } from 'vitest';
import type { Rejection } from '../../lib/domain/decisions/intake/reject.ts';
import { hearSignal } from '../../lib/flows/intake/hear-signal.ts';
import { hearing, rejectionIn, signalIn } from '../flows/envelopes.ts';
import { fits } from './fuzzing/example-of.ts';
import { bodyOf, exampleOfType, membersOfType, types } from './fuzzing/made.ts';
import { canary } from './fuzzing/wrong-values.ts';
import { type Malformed, malformedEvents } from './fuzz.ts';

const sender = { account: hearing.account, source: 'bank.consents' };
const hear = (body: string) => hearSignal(body, hearing);

/** P3, P7 at the door: what is wrong in any way is refused, and the reason helps without repeating. */
describe('malformed events', () => {
  const events = malformedEvents(sender);
  const refused: (readonly [Malformed, Rejection])[] = [];
  beforeAll(async () => {
    for (const event of events) {
      const heard = await hear(event.body);
      if (heard.kind === 'rejected') refused.push([event, heard.rejection]);
    }
  });
  /** The labels of those for which it does not hold. */
  const unless = (holds: (event: Malformed, rejection: Rejection) => boolean) =>
    refused.flatMap(([event, rejection]) =>
      holds(event, rejection) ? [] : [`${event.label} -> ${rejection.code}: ${rejection.reason}`],
    );

  it('are refused, each of them', () => {
    const heard = events.filter((event) => !refused.some(([one]) => one === event));
    expect(heard.map(({ label }) => label)).toEqual([]);
    expect(unless((event, { code }) => code === event.code)).toEqual([]);
  });

  it('are refused with a reason that names the member or the rule', () => {
    expect(unless(({ names }, { reason }) => names.every((name) => name.test(reason)))).toEqual([]);
  });

  it('are refused with a reason that repeats nothing of what was sent, and ends', () => {
    const repeats = ({ sent }: Malformed, reason: string) =>
      [canary, ...sent].some((value) => reason.includes(value));
    expect(unless((event, { reason }) => !repeats(event, reason))).toEqual([]);
    expect(unless((_, { reason }) => reason.length < 1_000)).toEqual([]);
  });

  it('are many, each its own announcement, and the same at each run', () => {
    expect(events.length).toBeGreaterThan(200);
    expect(new Set(events.map(({ label }) => label)).size).toBe(events.length);
    expect(new Set(refused.map(([, { digest }]) => digest)).size).toBe(events.length);
    expect(malformedEvents(sender)).toEqual(events);
  });

  it('leave out no member of any type', () => {
    const missed = types.flatMap((type) =>
      membersOfType(type)
        .map(({ path }) => `${type}: ${path} is `)
        .filter((begin) => !events.some(({ label }) => label.startsWith(begin))),
    );
    expect(missed).toEqual([]);
  });
});

describe('the events that they are made from', () => {
  it.each(types)('are heard: %s', async (type) => {
    const body = bodyOf(sender, type, JSON.stringify(exampleOfType(type)));
    expect(signalIn(await hear(body)).kind).toBe(type.replace(' ', ''));
  });

  it('are refused from anybody else', async () => {
    const body = bodyOf(
      { ...sender, source: 'somebody.else' },
      'Consent Withdrawn',
      JSON.stringify(exampleOfType('Consent Withdrawn')),
    );
    expect(rejectionIn(await hear(body)).code).toBe('foreign');
  });
});

describe('fits', () => {
  it.each([
    [{ type: 'string', pattern: '^a+$', maxLength: 2 }, 'aa', 'aaa'],
    [{ type: 'integer', minimum: 0 }, 0, -1],
    [{ type: 'integer' }, 1, 2 ** 53],
    [{ const: 1 }, 1, '1'],
    [{ enum: ['a'] }, 'a', 'A'],
    [{ type: 'array', items: { const: 1 }, maxItems: 1 }, [1], [1, 1]],
    [
      { properties: { a: { const: 1 } }, required: ['a'] },
      { a: 1, b: 2 },
      JSON.parse('{"__proto__":{"a":1}}'),
    ],
  ] as const)('knows for %j what fits and what does not', (form, fitting, other) => {
    expect([fits(form, fitting), fits(form, other)]).toEqual([true, false]);
  });
});
