import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tablesFrom } from '../../lib/aws/dynamodb/tables.ts';
import { actionsOf } from '../../lib/aws/dynamodb/writes.ts';
import type { Write, WriteKind } from '../../lib/domain/transaction/write.ts';
import { situations } from './rows.ts';
import { fresh, startTables, tables, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startTables();
  await world.given({ kind: 'publish-keys', jwks: '{"keys":[]}', keyId: 'k1', from: null });
});
afterAll(() => world.close());

const kinds = Object.keys(situations) as WriteKind[];
const bystander = (): Write => ({
  kind: 'see-rejection',
  digest: fresh('bystander'),
  reason: 'test',
  at: 'now',
});

/** Each situation by its name; making it again gives it ids of its own. */
const all = kinds.flatMap((kind) => Object.keys(situations[kind]()).map((name) => ({ kind, name })));
function situation(kind: WriteKind, name: string) {
  const found = situations[kind]()[name];
  if (!found) throw new Error(`no situation ${kind} ${name}`);
  return found;
}

describe('a write commits when its condition holds', () => {
  it.each(all.filter(({ kind }) => kind !== 'publish-keys'))('$kind $name', async ({ kind, name }) => {
    const { write, holds } = situation(kind, name);
    for (const before of holds) await world.given(before);
    expect(await world.commit([write, bystander()])).toEqual({ ok: true });
  });
});

describe('a write is refused by name when its condition does not hold, and nothing is applied', () => {
  it.each(all.filter(({ kind, name }) => situation(kind, name).fails))(
    '$kind $name',
    async ({ kind, name }) => {
      const { write, fails = [] } = situation(kind, name);
      for (const before of fails) await world.given(before);
      const before = await world.snapshot();
      expect(await world.commit([bystander(), write, bystander()])).toEqual({ ok: false, failed: [write] });
      expect(await world.snapshot()).toBe(before);
    },
  );
});

describe('publish-keys', () => {
  it('publishes the first keys once', async () => {
    const empty = await startTables();
    const first: Write = { kind: 'publish-keys', jwks: '{}', keyId: 'k1', from: null };
    expect(await empty.commit([first])).toEqual({ ok: true });
    expect(await empty.commit([first])).toEqual({ ok: false, failed: [first] });
    await empty.commit([{ ...first, keyId: 'k2', from: 'k1' }]);
    expect(await empty.commit([{ ...first, keyId: 'k3', from: 'k2' }])).toEqual({ ok: true });
    await empty.close();
  });
});

describe('the actions of a write', () => {
  /** Expressions, names and values of one action. */
  function expressionOf(action: TransactWriteItem) {
    const { Put, Update, Delete, ConditionCheck } = action;
    const body = Put ?? Update ?? Delete ?? ConditionCheck;
    const text = `${body?.ConditionExpression ?? ''} ${Update?.UpdateExpression ?? ''}`;
    return {
      used: [...new Set(text.match(/[#:]\w+/g) ?? [])].sort(),
      given: [
        ...Object.keys(body?.ExpressionAttributeNames ?? {}),
        ...Object.keys(body?.ExpressionAttributeValues ?? {}),
      ].sort(),
    };
  }

  it.each(all)('give exactly the names and values that are used: $kind $name', ({ kind, name }) => {
    for (const action of actionsOf(situation(kind, name).write, tables)) {
      const { used, given } = expressionOf(action);
      expect(given).toEqual(used);
    }
  });

  it('go to tables that the function was given', () => {
    const write = bystander();
    expect(() => actionsOf(write, tablesFrom({ registry: 'Registry' }))).toThrow(
      'the environment of this function names no table cases',
    );
    expect(actionsOf(write, tablesFrom({ cases: 'Cases' }))).toHaveLength(1);
  });
});
