import { createHash } from 'node:crypto';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerKeys } from '../../../../lib/aws/dynamodb/keys.ts';
import { pendingShards } from '../../../../lib/domain/limits.ts';
import { entryId } from '../../../../lib/domain/ids.ts';
import type { Entry } from '../../../../lib/domain/transaction/entry.ts';
import { at } from '../../../domain/objects.ts';
import { startTables, tables, type World } from '../../world.ts';

let world: World;
beforeAll(async () => {
  world = await startTables();
});
afterAll(() => world.close());

const entry: Entry = {
  version: 1,
  id: entryId('01JENTRY'),
  kind: 'withdrawn',
  at,
  subject: 'case/c',
  changes: [{ item: 'case/c', from: null, to: 'open' }],
  facts: { z: 1, a: 'é', list: [null, true] },
};

async function row({ pk, sk }: { pk: string; sk: string }) {
  const Key = { pk: { S: pk }, sk: { S: sk } };
  const { Item } = await world.client.send(new GetItemCommand({ TableName: tables.ledger, Key }));
  return Item;
}

describe('an entry in the ledger', () => {
  const body =
    '{"at":"2026-01-31T09:30:00.000Z","changes":[{"from":null,"item":"case/c","to":"open"}],' +
    '"facts":{"a":"é","list":[null,true],"z":1},"id":"01JENTRY","kind":"withdrawn","subject":"case/c","version":1}';
  const digest = createHash('sha256').update(body, 'utf8').digest('hex');

  it('is its canonical form with the digest of it', async () => {
    await world.given({ kind: 'append-entry', entry });
    expect(await row(ledgerKeys.entry('case/c', entry.id))).toEqual({
      pk: { S: 'entry#case/c' },
      sk: { S: '01JENTRY' },
      body: { S: body },
      digest: { S: digest },
    });
  });

  it('comes with a marker that names it and its digest', async () => {
    expect(await row(ledgerKeys.pending(entry.id, pendingShards))).toMatchObject({
      entry: { S: 'entry#case/c' },
      digest: { S: digest },
    });
  });
});
