import { dueRows, type DueShard } from '../../lib/flows/sweeps/due-rows.ts';

/** What a sweep with time enough sees. */
export async function allDue<Row>(due: DueShard<Row>, dueBy: string): Promise<Row[]> {
  const found: Row[] = [];
  for await (const row of dueRows(due, dueBy, 0)) found.push(row);
  return found;
}
