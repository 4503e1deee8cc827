import type { Case } from '../../case/case.ts';
import type { Credential } from '../../inventory/credential.ts';
import { credentialName } from '../../names.ts';
import type { Write } from '../../transaction/write.ts';
import { openOwnCase } from '../case/own-case.ts';
import { moved, type Rotating, type RotationStamp } from './rotate.ts';
import { recorded } from '../../transaction/stamp.ts';

/**
 * Ends the overlap: the old key becomes the obligation of a case of its own, whose work begins at once. A key that a cut-off has
 * condemned meanwhile gets its obligation too, and the case closes with the same proof.
 */
export function decideRetirement(
  at: Rotating,
  old: { readonly credential: Credential; readonly covered: boolean },
  stamp: RotationStamp,
): { readonly case: Case; readonly writes: readonly Write[] } {
  const { client, rotation } = at;
  const { credential, covered } = old;
  const { authority, id } = credential;
  const own = openOwnCase('secret-retired', credential, covered, stamp);
  const opened = own.case;
  const told = { client: client.id, partner: client.partner, authority, key: id };
  const writes: Write[] = [
    moved(at, { ...rotation, state: 'retiring' }, stamp),
    ...own.writes,
    {
      kind: 'queue-event',
      event: {
        id: stamp.newId(),
        type: 'Secret Retired',
        detail: { ...told, case: opened.id, at: stamp.at },
      },
    },
  ];
  const facts = { client: client.id, number: rotation.number, credential: credentialName(credential) };
  const entry = { kind: 'retired', subject: `case/${opened.id}`, case: opened.id, facts } as const;
  return { case: opened, writes: recorded(writes, entry, stamp) };
}
