import type { Rotating } from '../../domain/decisions/rotation/rotate.ts';
import type { Hold } from '../../domain/emergency/hold.ts';
import type { CaseSubject } from '../../domain/subject.ts';

/** Finds an active hold on the partner or on the client's current key. While there is one, the client's rotation takes no step. */
export async function findHold(
  { client, rotation }: Rotating,
  deps: { readonly holds: { find(subject: CaseSubject): Promise<Hold | undefined> } },
): Promise<Hold | undefined> {
  const { partner, authority } = client;
  const holds = await Promise.all([
    deps.holds.find({ type: 'partner', id: partner }),
    deps.holds.find({ type: 'credential', authority, id: rotation.current }),
  ]);
  return holds.find((hold) => hold?.state === 'held');
}
