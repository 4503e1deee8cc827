import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { AwsError } from '../../../service.ts';
import type { Item } from '../dynamodb.ts';
import { codesOf, Direct } from './direct.ts';

// A table of a few items under random transactions, against a map that does the same by hand.

type Value = number | undefined;

interface Step {
  readonly pk: string;
  /** What must be there. */
  readonly wanted: Value | 'what is there';
  /** What is there afterwards; a check leaves what is there. */
  readonly next: Value | 'check';
}

/** A step that knows what is there. */
interface Settled extends Step {
  readonly wanted: Value;
}

const direct = new Direct();
let tables = 0;

afterAll(async () => {
  await direct.close();
});

const value = fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined });
const step: fc.Arbitrary<Step> = fc.record({
  pk: fc.constantFrom('a', 'b', 'c', 'd'),
  wanted: fc.oneof({ weight: 5, arbitrary: fc.constant('what is there' as const) }, value),
  next: fc.oneof(value, fc.constant('check' as const)),
});
const transaction = fc.uniqueArray(step, { selector: ({ pk }) => pk, minLength: 1, maxLength: 4 });

it('a transaction applies wholly when all its conditions hold, else not at all, also in the index', async () => {
  let committed = 0;
  let cancelled = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(transaction, { minLength: 1, maxLength: 12 }), async (transactions) => {
      const table = await freshTable();
      const model = new Map<string, number>();
      for (const drawn of transactions) {
        const steps = drawn.map((one) => ({
          ...one,
          wanted: one.wanted === 'what is there' ? model.get(one.pk) : one.wanted,
        }));
        const failing = steps.map(({ pk, wanted }) => model.get(pk) !== wanted);
        const reasons = await transact(table, steps);
        expect(reasons).toEqual(
          failing.includes(true)
            ? failing.map((fails) => (fails ? 'ConditionalCheckFailed' : 'None'))
            : undefined,
        );
        if (reasons) cancelled += 1;
        else committed += 1;
        if (!reasons) for (const { pk, next } of steps) applyTo(model, pk, next);
        expect(sorted(await direct.dynamoDb.items(table))).toEqual(itemsOf(model));
        expect(sorted(await scanIndex(table))).toEqual(itemsOf(model).filter((item) => item['odd']));
      }
    }),
    { numRuns: 40 },
  );
  // the property is empty unless both happen
  expect(Math.min(committed, cancelled)).toBeGreaterThan(20);
});

function applyTo(model: Map<string, number>, pk: string, next: Value | 'check'): void {
  if (next === 'check') return;
  if (next === undefined) model.delete(pk);
  else model.set(pk, next);
}

function itemOf(pk: string, v: number): Item {
  return { pk: { S: pk }, v: { N: String(v) }, ...(v % 2 === 1 && { odd: { S: 'yes' } }) };
}

function itemsOf(model: ReadonlyMap<string, number>): readonly Item[] {
  return sorted([...model].map(([pk, v]) => itemOf(pk, v)));
}

function sorted(items: readonly Item[]): readonly Item[] {
  return [...items].sort((a, b) => JSON.stringify(a['pk']).localeCompare(JSON.stringify(b['pk'])));
}

function actionOf(table: string, { pk, wanted, next }: Settled): object {
  const condition =
    wanted === undefined
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: 'v = :wanted',
          ExpressionAttributeValues: { ':wanted': { N: String(wanted) } },
        };
  const onKey = { TableName: table, Key: { pk: { S: pk } }, ...condition };
  if (next === 'check') return { ConditionCheck: onKey };
  if (next === undefined) return { Delete: onKey };
  return { Put: { TableName: table, Item: itemOf(pk, next), ...condition } };
}

/** The codes of the reasons, or nothing when it committed. */
async function transact(table: string, steps: readonly Settled[]): Promise<readonly string[] | undefined> {
  try {
    await direct.transact(steps.map((one) => actionOf(table, one)));
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return codesOf(error);
    throw error;
  }
}

async function scanIndex(table: string): Promise<readonly Item[]> {
  const { Items: items } = await direct.send('Scan', { TableName: table, IndexName: 'odd-ones' });
  return items as readonly Item[];
}

async function freshTable(): Promise<string> {
  tables += 1;
  const table = `Model-${tables}`;
  await direct.dynamoDb.createTable({
    TableName: table,
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'odd', AttributeType: 'S' },
    ],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'odd-ones',
        KeySchema: [{ AttributeName: 'odd', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
  return table;
}
