import { describe, expect, it } from 'vitest';
import { pauseAfter } from '../../../../lib/domain/decisions/pace/pause.ts';
import { pauseMs, retryAfterMsMax } from '../../../../lib/domain/limits.ts';
import { now, rfc3339 } from '../../objects.ts';

const at = { ms: now, rfc3339 };

describe('pauseAfter (P9)', () => {
  it('begins with the first failure, and keeps its time and its count', () => {
    const first = pauseAfter({ because: 'timeout' }, undefined, at);
    expect(first).toEqual({
      failingSince: rfc3339(now),
      pausedUntil: rfc3339(now + pauseMs),
      pauses: 1,
      because: 'timeout',
    });
    const later = { ms: now + pauseMs, rfc3339 };
    expect(pauseAfter({ because: 'http-503' }, first, later)).toEqual({
      failingSince: rfc3339(now),
      pausedUntil: rfc3339(now + 2 * pauseMs),
      pauses: 2,
      because: 'http-503',
    });
  });

  it.each([
    [undefined, pauseMs],
    [0, pauseMs],
    [pauseMs - 1, pauseMs],
    [3_600_000, 3_600_000],
    [9e15, retryAfterMsMax],
  ])('waits for what was asked: %s ms', (retryAfterMs, ms) => {
    const { pausedUntil } = pauseAfter({ because: 'http-429', retryAfterMs }, undefined, at);
    expect(pausedUntil).toBe(rfc3339(now + ms));
  });
});
