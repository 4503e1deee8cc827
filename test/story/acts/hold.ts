import { partnerId } from '../../../lib/domain/ids.ts';
import { ordered, request } from '../operator.ts';
import type { Scene } from '../scene.ts';
import { all, looks } from '../wallet.ts';

/** A partner is suspended by one person, and reinstated by two: nothing is destroyed on the way. */
export async function playHold(scene: Scene): Promise<void> {
  const { stage, timeline, claims, wallet } = scene;
  const { order, tables, auditor, observer, world } = stage;
  const subject = { type: 'partner', id: 'acme' } as const;
  const place = { command: 'suspend', request: request(), subject, reason: 'odd traffic at night' } as const;
  const { hold } = await ordered('held', order('alice', place));
  timeline.say('alice', `suspends acme: hold ${hold}`);
  const state = async () => {
    const found = await tables.holds.find({ type: 'partner', id: partnerId('acme') });
    return found?.id === hold ? found.state : 'none';
  };
  await claims.claim('suspended-is-held', async () => {
    await world.settle();
    const announced = observer.sent.some(
      ({ 'detail-type': type, detail }) => type === 'Access Held' && detail['hold'] === hold,
    );
    const tokens = all(await looks(auditor, [wallet['consent-3'].refresh]), true);
    const now = await state();
    return {
      ok: now === 'held' && announced && tokens.ok,
      seen: `${now}, ${announced ? 'announced' : 'not announced'}, tokens ${tokens.seen}`,
    };
  });
  const lift = { command: 'reinstate', hold, reason: 'a load test of theirs' } as const;
  await claims.claim('one-person-cannot-reinstate', async () => {
    const answers = [await order('alice', lift), await order('alice', lift)].map(({ kind }) => kind);
    const now = await state();
    return {
      ok: now === 'held' && answers.every((kind) => kind === 'asked'),
      seen: `${answers.join(', ')}; ${now}`,
    };
  });
  timeline.say('alice', 'asks twice to reinstate acme: one person is not enough');
  await claims.claim('reinstated-by-two', async () => {
    const answer = await order('bob', lift);
    const now = await state();
    const two = answer.kind === 'lifted' && answer.by !== answer.askedBy;
    return { ok: two && now === 'lifted', seen: `${answer.kind}; ${now}` };
  });
  timeline.say('bob', 'asks for the same: the hold is lifted');
}
