/** The names of the tables. */
export interface Tables {
  readonly registry: string;
  readonly fences: string;
  readonly cases: string;
  readonly ledger: string;
}

/** Returns the table names that one function was given. The name of any other table throws when it is used. */
export function tablesFrom(given: Partial<Tables>): Tables {
  const need = (name: keyof Tables): string => {
    const table = given[name];
    if (table === undefined) throw new Error(`the environment of this function names no table ${name}`);
    return table;
  };
  return {
    get registry() {
      return need('registry');
    },
    get fences() {
      return need('fences');
    },
    get cases() {
      return need('cases');
    },
    get ledger() {
      return need('ledger');
    },
  };
}
