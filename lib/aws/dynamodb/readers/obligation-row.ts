import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Case } from '../../../domain/case/case.ts';
import type { CredentialRef } from '../../../domain/ids.ts';
import { type Obligation, shardOf } from '../../../domain/case/obligation.ts';
import { toObligation } from '../items/items.ts';
import { caseKeys } from '../keys.ts';
import { Reader } from '../read.ts';

/** Reads single obligations of a case. */
export function obligationRow(client: DynamoDBClient, table: string) {
  const read = new Reader(client, table);
  return {
    owed: {
      find: async (of: Case, ref: CredentialRef): Promise<Obligation | undefined> =>
        toObligation(await read.get(caseKeys.obligation(of.id, shardOf(ref, of.shards), ref))),
    },
  };
}
