import { describe, expect, it } from 'vitest';
import { rejectedQueue } from '../../../lib/aws/queues/queues.ts';
import { startQueue } from '../../cloud/services/sqs/rig.ts';

const rejection = { code: 'malformed', reason: 'not an event', digest: 'd'.repeat(64) };
const sender = { id: 'e', source: 'bank', account: '111122223333', time: 't', 'detail-type': 'Odd' };

async function refuse(from: Partial<typeof sender>, reason = rejection.reason): Promise<string> {
  const { sqs, client, arn, url } = await startQueue();
  await rejectedQueue(client, url)({ ...rejection, reason }, { ...sender, ...from });
  return sqs.inspect(arn).messages[0]?.body ?? '';
}

describe('the queue of what was refused', () => {
  // SQS refused the message, so the announcement came again and again, and was refused each time
  it.each([
    ['U+FFFE', '\ufffe'],
    ['U+FFFF', '\uffff'],
    ['U+0000', '\u0000'],
    ['U+007F', '\u007f'],
    ['half a surrogate pair', '\ud83d'],
    ['what is beyond the first plane', '\u{1f600}\u{10ffff}'],
    ['umlauts', 'Zürich'],
  ])('takes a sender whose texts hold %s, and gives them back unchanged', async (_, text) => {
    const body = await refuse({ source: text, 'detail-type': text }, `got ${text}`);
    expect(body).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(body)).toEqual({
      ...rejection,
      reason: `got ${text}`,
      from: { ...sender, source: text, 'detail-type': text },
    });
  });

  it('cuts a detail-type between characters', async () => {
    const body = await refuse({ 'detail-type': `${'x'.repeat(127)}\u{1f600}y` });
    expect(JSON.parse(body)).toMatchObject({ from: { 'detail-type': `${'x'.repeat(127)}\u{1f600}` } });
  });

  it('names no sender where there is none', async () => {
    const { sqs, client, arn, url } = await startQueue();
    await rejectedQueue(client, url)(rejection, undefined);
    expect(JSON.parse(sqs.inspect(arn).messages[0]?.body ?? '')).toEqual(rejection);
  });
});
