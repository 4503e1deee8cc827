import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { StateChange } from '../../lib/domain/transaction/entry.ts';

/** A row before and after a commit, as the database saw it. */
export interface RowChange {
  readonly table: string;
  readonly before: Readonly<Record<string, unknown>> | undefined;
  readonly after: Readonly<Record<string, unknown>> | undefined;
}

type Row = Record<string, AttributeValue>;

const row = z.looseObject({ pk: z.string(), sk: z.string().optional() });

/**
 * The state changes that a commit made, read off the rows alone: this shares nothing with the code that writes
 * entries, so that the two can be held against each other.
 */
export function changesSeen(changes: readonly RowChange[]): StateChange[] {
  return changes.flatMap(({ before, after }) => {
    const known = after ?? before;
    const named = known && nameOf(row.parse(read(known)));
    if (!named) return [];
    // a lifted hold gives its place to the next one of its subject: another thing, under an id of its own
    const isOther = before !== undefined && nameOf(row.parse(read(before)))?.item !== named.item;
    const from = before && !isOther ? named.stateOf(read(before)) : null;
    const to = after ? named.stateOf(read(after)) : 'deleted';
    return from === to ? [] : [{ item: named.item, from, to }];
  });
}

const read = (item: Readonly<Record<string, unknown>>) => unmarshall(item as Row);

type Named = { readonly item: string; readonly stateOf: (item: Record<string, unknown>) => string };

const part = (value: unknown): string => encodeURIComponent(String(value));

const by = (member: string) => (item: Record<string, unknown>) => String(item[member]);

/** Which rows have a state that matters, and what it is called; all others are bookkeeping. */
function nameOf(item: z.output<typeof row>): Named | undefined {
  const { pk, sk } = item;
  const [type] = pk.split('#');
  if (sk === undefined && type === 'hold')
    return { item: `hold/${String(item['id'])}`, stateOf: by('state') };
  if (sk === undefined) {
    const [, id = '', copy = '0'] = pk.split('#');
    // the copies of a partner's fence are one fence
    return copy === '0' ? { item: `fence/${type}/${id}`, stateOf: by('generation') } : undefined;
  }
  if (sk === 'approval') return { item: `approval/${String(item['what'])}`, stateOf: by('state') };
  if (sk === 'plan') return { item: `plan/${String(item['id'])}`, stateOf: by('state') };
  if (sk === 'rotation') return { item: `rotation/${part(item['client'])}`, stateOf: by('state') };
  if (sk === 'partner' || sk === 'authority' || sk === 'client')
    return { item: `${sk}/${part(item['id'])}`, stateOf: by('revision') };
  if (pk === 'keys') return { item: `keys/${sk}`, stateOf: by('keyId') };
  if (sk.startsWith('generation#'))
    return { item: `consent/${part(item['id'])}@${String(item['generation'])}`, stateOf: by('state') };
  if (sk === 'pseudonym') return { item: `customer/${part(item['pseudonym'])}`, stateOf: () => 'linked' };
  if (sk.startsWith('grant#')) {
    const [authority, partner, grant] = [item['authority'], item['partner'], item['grant']].map(part);
    return { item: `grant/${authority}/${partner}/${grant}`, stateOf: () => 'condemned' };
  }
  if (sk === 'credential')
    return { item: `credential/${part(item['authority'])}/${part(item['id'])}`, stateOf: by('state') };
  if (sk === 'case') return { item: `case/${String(item['id'])}`, stateOf: by('state') };
  if (sk.startsWith('obligation#'))
    return {
      item: `obligation/${String(item['case'])}/${part(item['authority'])}/${part(item['id'])}`,
      stateOf: by('state'),
    };
  return undefined;
}
