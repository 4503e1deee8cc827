import { describe, expect, it } from 'vitest';
import { decideTwoPeople } from '../../../../lib/domain/decisions/operate/two-people.ts';
import type { Approval } from '../../../../lib/domain/emergency/approval.ts';
import { approvalHours } from '../../../../lib/domain/limits.ts';
import { at, now, stampOf } from '../../objects.ts';

/** P10: what gives access back takes two people, who mean the same. */
describe('decideTwoPeople', () => {
  const asked: Approval = { what: 'lift/h', digest: 'd', state: 'asked', by: 'alice', at };
  const decide = (
    by: string,
    approval: Approval | undefined,
    over: { digest?: string; time?: number } = {},
  ) =>
    decideTwoPeople(
      { what: 'lift/h', digest: over.digest ?? 'd', by },
      approval && { approval, askedAt: now },
      stampOf(over.time),
    );

  it('notes who asks first', () => {
    expect(decide('alice', undefined)).toEqual({
      kind: 'first',
      approval: asked,
      write: { kind: 'ask-approval', approval: asked, over: null },
    });
  });

  it('lets the first ask as often as they like, and changes nothing', () => {
    expect(decide('alice', asked)).toEqual({ kind: 'first', approval: asked });
  });

  it('takes another person for the second', () => {
    expect(decide('bob', asked)).toEqual({
      kind: 'second',
      askedBy: 'alice',
      write: { kind: 'use-approval', approval: asked, by: 'bob', at },
    });
  });

  it.each([
    ['something else is meant', asked, { digest: 'other' }],
    ['the asking is over', asked, { time: now + approvalHours * 3_600_000 + 1 }],
    ['it was used', { ...asked, state: 'used' } as const, {}],
  ])('begins anew where %s', (_, approval, over) => {
    expect(decide('bob', approval, over)).toMatchObject({
      kind: 'first',
      approval: { by: 'bob', state: 'asked' },
      write: { kind: 'ask-approval', over: approval },
    });
  });

  it('still takes the second at the last moment', () => {
    const last = now + approvalHours * 3_600_000;
    expect(decide('bob', asked, { time: last }).kind).toBe('second');
  });
});
