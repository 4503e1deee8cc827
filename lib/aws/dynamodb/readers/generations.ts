import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Consent } from '../../../domain/inventory/consent.ts';
import { toConsent } from '../items/items.ts';
import { generationKey, registryKeys } from '../keys.ts';
import { Reader } from '../read.ts';

/** Generations of a consent that are read. A consent is renewed only a few times in its life. */
export const generationsMax = 1_000;

export interface Generations {
  /** The generations whose grant has arrived. */
  readonly granted: readonly Consent[];
  /** The generations that credentials name, also those without a grant. */
  readonly named: readonly number[];
  /** True where no generation was left out. */
  readonly whole: boolean;
}

/** Lists the generations of a consent in the table Registry, the lowest first. */
export async function findGenerations(
  client: DynamoDBClient,
  table: string,
  id: string,
): Promise<Generations> {
  const read = new Reader(client, table);
  const { pk } = registryKeys.consent(id, 0);
  const granted: Consent[] = [];
  let after: string | undefined;
  do {
    const page = await read.page(pk, { prefix: 'generation#', after, limit: generationsMax });
    granted.push(...page.items.flatMap((row) => toConsent(row) ?? []));
    after = page.next;
  } while (after !== undefined && granted.length < generationsMax);
  const named = await namedGenerations(read, pk);
  return { granted, named, whole: after === undefined && named.length < generationsMax };
}

/** Reads only the first edge of each generation. */
async function namedGenerations(read: Reader, pk: string): Promise<readonly number[]> {
  const named: number[] = [];
  while (named.length < generationsMax) {
    const low = `edge#${generationKey((named.at(-1) ?? -1) + 1)}#`;
    const { items } = await read.page(pk, { between: [low, 'edge#\uffff'], limit: 1 });
    const generation = /^edge#(\d+)#/.exec(items[0]?.['sk']?.S ?? '')?.[1];
    if (generation === undefined) break;
    named.push(Number(generation));
  }
  return named;
}
