import type { Stage } from '../story/stage.ts';

/** How many rows of each kind a played world ended with: an undisturbed and a disturbed run have to agree. */
export async function recount({ world }: Stage): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  const note = (name: string) => void (counts[name] = (counts[name] ?? 0) + 1);
  for (const table of ['REGISTRY', 'FENCES', 'CASES', 'LEDGER']) {
    for (const item of await world.dynamo.items(world.environment[`RESCIND_${table}_TABLE`] ?? '')) {
      const text = (name: string): string => (item[name] as { S?: string } | undefined)?.S ?? '';
      // entries are facts; how sealing cut them into batches is a matter of timing
      if (table === 'LEDGER' && !text('pk').startsWith('entry#')) continue;
      const kind =
        table === 'LEDGER'
          ? (JSON.parse(text('body') || '{"kind":"pending"}') as { kind: string }).kind
          : text('sk').split('#')[0];
      note(`${table} ${kind} ${text('state')}`.trim());
    }
  }
  return counts;
}
