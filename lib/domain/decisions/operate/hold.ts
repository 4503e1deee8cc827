import type { Hold } from '../../emergency/hold.ts';
import { consentPart, credentialName, partnerName } from '../../names.ts';
import type { CaseSubject } from '../../subject.ts';
import type { Write } from '../../transaction/write.ts';
import { recorded, type Stamp } from '../../transaction/stamp.ts';

/** Places a hold. `before` is the earlier, lifted hold of the same subject, where there is one. */
export function decideHold(hold: Hold, before: Hold | undefined, stamp: Stamp): readonly Write[] {
  const { id, subject, by, reason, at } = hold;
  const writes: Write[] = [
    { kind: 'place-hold', hold, after: before?.id ?? null },
    {
      kind: 'queue-event',
      event: { id: stamp.newId(), type: 'Access Held', detail: { hold: id, subject, by, at, reason } },
    },
  ];
  return recorded(
    writes,
    { kind: 'held', subject: heldName(subject), facts: { hold: id, by, reason } },
    stamp,
  );
}

/** Lifts a hold for the second of two people. `approval` is the write that uses the request of the first. */
export function decideLift(
  hold: Hold,
  lift: { readonly by: string; readonly askedBy: string; readonly reason: string; readonly approval: Write },
  stamp: Stamp,
): readonly Write[] {
  const { id, subject } = hold;
  const { by, askedBy, reason, approval } = lift;
  const writes: Write[] = [
    approval,
    { kind: 'lift-hold', hold, by, at: stamp.at },
    {
      kind: 'queue-event',
      event: { id: stamp.newId(), type: 'Access Lifted', detail: { hold: id, subject, by, at: stamp.at } },
    },
  ];
  const facts = { hold: id, by, askedBy, reason };
  return recorded(writes, { kind: 'lifted', subject: heldName(subject), facts }, stamp);
}

/** Returns the subject under which the entries of a hold are filed. */
export function heldName(subject: CaseSubject): string {
  switch (subject.type) {
    case 'partner':
      return partnerName(subject.id);
    case 'consent':
      return consentPart(subject.id);
    case 'credential':
      return credentialName(subject);
  }
}
