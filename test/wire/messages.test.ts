import { describe, expect, it } from 'vitest';
import { obligationMessage, planMessage } from '../../lib/wire/messages.ts';

describe('the messages that wake workers', () => {
  it('name a case to plan', () => {
    expect(planMessage.parse({ case: 'consent-withdrawn/c/1/1', more: true })).toEqual({
      case: 'consent-withdrawn/c/1/1',
    });
  });

  it('name a chunk to work', () => {
    const chunk = { case: 'consent-withdrawn/c/1/1', shard: 0, authority: 'bank' };
    expect(obligationMessage.parse(chunk)).toEqual(chunk);
  });

  it.each([{ case: '' }, {}, null, 'text'])('are refused as %j', (value) => {
    expect(planMessage.safeParse(value).success).toBe(false);
    expect(obligationMessage.safeParse({ shard: 0, authority: 'bank', ...(value as object) }).success).toBe(
      false,
    );
  });

  it.each([-1, 0.5, '0'])('are refused with the shard %j', (shard) => {
    expect(obligationMessage.safeParse({ case: 'c', authority: 'bank', shard }).success).toBe(false);
  });
});
