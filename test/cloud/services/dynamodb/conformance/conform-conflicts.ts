import { TransactGetItemsCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { codesOf, freshKey, type Hand, number, refusalOf, type Refusal } from './hand.ts';

const workers = 40;

/** After so many refusals something else is wrong than a busy item. */
const attemptsMax = 500;

export function conformConflicts(hand: () => Hand): void {
  describe('concurrent calls on one item', () => {
    it('lose no update of 40 transactions, each repeated until it commits', async () => {
      const counter = freshKey('counter');
      await hand().write({ ...counter, count: number(0) });
      const refusals: Refusal[] = [];
      const logs = Array.from({ length: workers }, () => freshKey('log'));
      await Promise.all(
        logs.map((log) => untilDone(() => hand().transact([hand().put(log), hand().add(counter)]), refusals)),
      );
      expect(await hand().read(counter)).toEqual({ ...counter, count: number(workers) });
      for (const log of logs) expect(await hand().read(log)).toEqual(log);
      expect(refusals.length).toBeGreaterThan(0);
      for (const refusal of refusals) {
        expect(refusal.name).toBe('TransactionCanceledException');
        expect(codesOf(refusal)).toEqual(['None', 'TransactionConflict']);
      }
      expect(refusals[0]?.reasons[1]?.Message).toBe('Transaction is ongoing for the item');
    });

    it('apply each transaction and each single write that succeeded, and no other', async () => {
      const counter = freshKey('counter');
      const single = () =>
        hand().client.send(
          new UpdateItemCommand({
            TableName: hand().table,
            Key: counter,
            UpdateExpression: 'ADD #count :one',
            ExpressionAttributeNames: { '#count': 'count' },
            ExpressionAttributeValues: { ':one': number(1) },
          }),
        );
      const outcomes = await Promise.allSettled(
        Array.from({ length: workers }, (_, worker) =>
          worker % 2 === 0 ? hand().transact([hand().add(counter)]) : single(),
        ),
      );
      const done = outcomes.filter((outcome) => outcome.status === 'fulfilled').length;
      const refused = outcomes.flatMap((outcome) =>
        outcome.status === 'rejected' ? [(outcome.reason as Error).name] : [],
      );
      const allowed = ['TransactionCanceledException', 'TransactionConflictException'];
      expect(refused.filter((name) => !allowed.includes(name))).toEqual([]);
      expect(done).toBeGreaterThan(0);
      expect(await hand().read(counter)).toEqual({ ...counter, count: number(done) });
    });

    it('never let TransactGetItems see half a transaction', async () => {
      const [left, right] = [freshKey('left'), freshKey('right')];
      await hand().write({ ...left, count: number(0) });
      await hand().write({ ...right, count: number(0) });
      const get = new TransactGetItemsCommand({
        TransactItems: [left, right].map((Key) => ({ Get: { TableName: hand().table, Key } })),
      });
      const seen: (readonly unknown[])[] = [];
      const readPairs = async (): Promise<void> => {
        for (let read = 0; read < 10; read += 1)
          await untilDone(async () => {
            const { Responses: responses } = await hand().client.send(get);
            seen.push((responses ?? []).map((response) => response.Item?.['count']?.N));
          }, []);
      };
      const writePairs = async (): Promise<void> => {
        for (let write = 0; write < 10; write += 1)
          await untilDone(() => hand().transact([hand().add(left), hand().add(right)]), []);
      };
      await Promise.all([writePairs(), writePairs(), readPairs(), readPairs(), readPairs()]);
      expect(seen).toHaveLength(30);
      expect(seen.filter(([one, other]) => one === undefined || one !== other)).toEqual([]);
      expect(await hand().read(left)).toEqual({ ...left, count: number(20) });
    });
  });
}

/** Repeats after a conflict, in a random while; any other refusal is thrown. */
async function untilDone(call: () => Promise<void>, refusals: Refusal[]): Promise<void> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const refusal = await refusalOf(Promise.reject(error as Error));
      if (!codesOf(refusal).includes('TransactionConflict')) throw error;
      refusals.push(refusal);
      await new Promise((done) => setTimeout(done, Math.random() * 20));
    }
  }
  throw new Error(`not done after ${attemptsMax} attempts`);
}
