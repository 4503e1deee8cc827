import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Approval } from '../../../domain/emergency/approval.ts';
import type { CutOff, CutOffSet } from '../../../domain/emergency/cut-off.ts';
import type { CredentialRef, CutOffId } from '../../../domain/ids.ts';
import { caseKeys } from '../keys.ts';
import { toApproval, toCutOff, toCutOffPage } from '../items/operator-items.ts';
import { Reader } from '../read.ts';

/** Rows of a plan in one read. */
const pagesAtOnce = 100;

/** Reads the rows that operators' orders wrote to the table Cases: requests for approval, and plans. */
export function operatorRows(client: DynamoDBClient, table: string) {
  const read = new Reader(client, table);
  return {
    approvals: {
      find: async (what: string): Promise<Approval | undefined> =>
        toApproval(await read.get(caseKeys.approval(what))),
    },
    cutOffs: {
      find: async (id: CutOffId): Promise<CutOff | undefined> =>
        toCutOff(await read.get(caseKeys.cutOff(id))),
      set: async (id: CutOffId): Promise<CutOffSet> => {
        const set: CredentialRef[] = [];
        let after: string | undefined;
        do {
          const page = await read.page(caseKeys.cutOff(id).pk, {
            prefix: 'page#',
            after,
            limit: pagesAtOnce,
          });
          set.push(...page.items.flatMap((item) => toCutOffPage(item)?.credentials ?? []));
          after = page.next;
        } while (after !== undefined);
        return set;
      },
    },
  };
}
