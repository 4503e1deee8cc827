import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cases } from '../../lib/aws/dynamodb/readers/cases.ts';
import type { Write } from '../../lib/domain/transaction/write.ts';
import { AwsError, ConnectionLost, type Middleware } from '../cloud/service.ts';
import { freshCase, opened } from './rows.ts';
import { fresh, startTables, tables, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startTables();
});
afterAll(() => world.close());

const seeing = (): Write => ({ kind: 'see-rejection', digest: fresh('digest'), reason: 'test', at: 'now' });

/** Refuses the first `times` transactions for these reasons; tells how many arrived. */
function cancelling(times: number, ...codes: string[]) {
  const counted = { arrived: 0 };
  const middleware: Middleware = async (call, next) => {
    if (call.operation !== 'TransactWriteItems') return next();
    counted.arrived += 1;
    if (counted.arrived > times) return next();
    throw new AwsError('com.amazonaws.dynamodb.v20120810#TransactionCanceledException', 'cancelled', {
      members: { CancellationReasons: codes.map((Code) => ({ Code })) },
    });
  };
  return { counted, stop: world.gateway.use(middleware) };
}

describe('a commit', () => {
  it('names every write that failed, and no other', async () => {
    const [known, other] = [seeing(), seeing()];
    await world.given(known, other);
    const committed = await world.commit([known, seeing(), other]);
    expect(committed).toEqual({ ok: false, failed: [known, other] });
  });

  it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'is tried again after %s',
    async (code) => {
      const { counted, stop } = cancelling(2, 'None', code);
      expect(await world.commit([seeing(), seeing()])).toEqual({ ok: true });
      expect(counted.arrived).toBe(3);
      stop();
    },
  );

  it('is given up after eight conflicts, and nothing is applied', async () => {
    const { counted, stop } = cancelling(99, 'TransactionConflict');
    const before = await world.snapshot();
    await expect(world.commit([seeing()])).rejects.toMatchObject({ name: 'TransactionCanceledException' });
    expect(counted.arrived).toBe(8);
    expect(await world.snapshot()).toBe(before);
    stop();
  });

  it('is not tried again for a reason that does not pass', async () => {
    const { counted, stop } = cancelling(99, 'ItemCollectionSizeLimitExceeded');
    await expect(world.commit([seeing()])).rejects.toMatchObject({ name: 'TransactionCanceledException' });
    expect(counted.arrived).toBe(1);
    stop();
  });

  it('takes a failed condition beside a conflict for an answer', async () => {
    const { counted, stop } = cancelling(99, 'TransactionConflict', 'ConditionalCheckFailed');
    const writes = [seeing(), seeing()];
    expect(await world.commit(writes)).toEqual({ ok: false, failed: [writes[1]] });
    expect(counted.arrived).toBe(1);
    stop();
  });

  // P8: the SDK asks again under the same token; a sum must not be added twice.
  it('counts once although its answer was lost', async () => {
    const of = freshCase();
    let lost = 0;
    const stop = world.gateway.use(async (call, next) => {
      const answer = await next();
      if (call.operation === 'TransactWriteItems' && (lost += 1) === 1) throw new ConnectionLost();
      return answer;
    });
    await world.given({ kind: 'add-tally', case: of.id, shard: 0, tally: { planned: 1, open: 1 } });
    stop();
    expect(lost).toBe(2);
    const [tally] = await cases(world.client, tables.cases).cases.tallies(of);
    expect(tally).toMatchObject({ planned: 1, open: 1 });
  });

  it('throws when the store refuses for another reason', async () => {
    const of = freshCase();
    await expect(world.commit([opened(of), opened(of)])).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});
