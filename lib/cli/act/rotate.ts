import { type Ask, expecting } from '../door.ts';
import type { Report } from '../output.ts';
import { say, shell } from '../printable.ts';

/** `rescind rotate CLIENT`: makes the rotation of a client's key due now. */
export async function rotate(
  client: string,
  options: { readonly reason: string },
  ask: Ask,
): Promise<Report> {
  const ordered = expecting(
    await ask({ command: 'rotate', client, reason: options.reason }),
    'rotation-ordered',
  );
  return {
    result: ordered,
    lines: [
      say`ordered   rotation of ${ordered.client}, due ${ordered.dueAt}: it begins within a minute`,
      `look      ${shell('rescind', 'rotation', 'show', ordered.client)}`,
    ],
  };
}
