import type { Call } from '../../../service.ts';

/** Capacity units. */
interface Units {
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** What one call cost one table, its indexes apart. */
interface TableConsumed extends Units {
  readonly indexes: Readonly<Record<string, Units>>;
}

/** What one call cost. The units of the call are the sum over tables and indexes. */
export interface Consumed extends Units {
  readonly operation: string;
  /** Name of the caller. */
  readonly caller: string;
  /** The invocation that asked, as in `Call`. */
  readonly invocation?: string;
  readonly tables: Readonly<Record<string, TableConsumed>>;
}

/** Where a cost falls: on a table, or on one of its indexes. */
export interface Place {
  readonly table: string;
  readonly index?: { readonly kind: 'Local' | 'Global'; readonly name: string };
}

interface Cost extends Units {
  readonly place: Place;
}

/** How `ReturnConsumedCapacity` asks for the cost. */
export type Detail = 'INDEXES' | 'TOTAL' | 'NONE';

/** Counts the capacity units of one call, and says them as DynamoDB says them. */
export class Meter {
  readonly #costs: Cost[] = [];

  read(place: Place, units: number): void {
    this.#costs.push({ place, readUnits: units, writeUnits: 0 });
  }

  write(place: Place, units: number): void {
    this.#costs.push({ place, readUnits: 0, writeUnits: units });
  }

  consumed(call: Call): Consumed {
    const tables: Record<string, TableConsumed> = {};
    for (const table of this.#tables()) {
      const costs = this.#of(table);
      const indexes: Record<string, Units> = {};
      for (const name of new Set(costs.flatMap(({ place }) => place.index?.name ?? [])))
        indexes[name] = sum(costs.filter(({ place }) => place.index?.name === name));
      tables[table] = { ...sum(costs.filter(({ place }) => !place.index)), indexes };
    }
    return {
      operation: call.operation,
      caller: call.caller.name,
      ...(call.invocation !== undefined && { invocation: call.invocation }),
      ...sum(this.#costs),
      tables,
    };
  }

  /** `ConsumedCapacity` of an operation on one table; nothing unless it was asked for. */
  one(detail: Detail | undefined): object {
    const [capacity] = this.#capacities(detail, false);
    return capacity ? { ConsumedCapacity: capacity } : {};
  }

  /** `ConsumedCapacity` of an operation on many tables; nothing unless it was asked for. */
  list(detail: Detail | undefined): object {
    const capacities = this.#capacities(detail, false);
    return capacities.length > 0 ? { ConsumedCapacity: capacities } : {};
  }

  /** As `list`; transactions, and only they, also say reads and writes apart. */
  transaction(detail: Detail | undefined): object {
    const capacities = this.#capacities(detail, true);
    return capacities.length > 0 ? { ConsumedCapacity: capacities } : {};
  }

  #capacities(detail: Detail | undefined, apart: boolean): readonly object[] {
    if (detail !== 'INDEXES' && detail !== 'TOTAL') return [];
    return this.#tables().map((table) => {
      const costs = this.#of(table);
      const total = { TableName: table, ...inWords(sum(costs), apart) };
      if (detail === 'TOTAL') return total;
      return {
        ...total,
        Table: inWords(sum(costs.filter(({ place }) => !place.index)), apart),
        ...byIndex('Local', costs),
        ...byIndex('Global', costs),
      };
    });
  }

  #tables(): readonly string[] {
    return [...new Set(this.#costs.map(({ place }) => place.table))];
  }

  #of(table: string): readonly Cost[] {
    return this.#costs.filter(({ place }) => place.table === table);
  }
}

function byIndex(kind: 'Local' | 'Global', costs: readonly Cost[]): object {
  const mine = costs.filter(({ place }) => place.index?.kind === kind);
  if (mine.length === 0) return {};
  const names = new Set(mine.flatMap(({ place }) => place.index?.name ?? []));
  const units = [...names].map((name) => [
    name,
    inWords(sum(mine.filter(({ place }) => place.index?.name === name)), false),
  ]);
  return { [`${kind}SecondaryIndexes`]: Object.fromEntries(units) as object };
}

function inWords({ readUnits, writeUnits }: Units, apart: boolean): object {
  return {
    CapacityUnits: readUnits + writeUnits,
    ...(apart && readUnits > 0 && { ReadCapacityUnits: readUnits }),
    ...(apart && writeUnits > 0 && { WriteCapacityUnits: writeUnits }),
  };
}

function sum(costs: readonly Units[]): Units {
  let readUnits = 0;
  let writeUnits = 0;
  for (const cost of costs) {
    readUnits += cost.readUnits;
    writeUnits += cost.writeUnits;
  }
  return { readUnits, writeUnits };
}
