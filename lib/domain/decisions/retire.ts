import type { Case } from '../case.ts';
import type { Credential } from '../credential.ts';
import { credentialName } from '../names.ts';
import type { Write } from '../write.ts';
import { obligationFor } from './plan.ts';
import { moved, type Rotating, type RotationStamp } from './rotate.ts';
import { recorded } from './stamp.ts';
import { caseOpened, openCase } from './withdraw.ts';

/**
 * The end of the overlap: the old key becomes an obligation of a case of its own, planned and ready to be worked. A key that
 * a cut-off condemned meanwhile gets its obligation too: the case closes on the same proof.
 */
export function decideRetirement(
  at: Rotating,
  old: { readonly credential: Credential; readonly covered: boolean },
  stamp: RotationStamp,
): { readonly case: Case; readonly writes: readonly Write[] } {
  const { client, rotation } = at;
  const { credential, covered } = old;
  const { authority, id, round } = credential;
  const about = {
    kind: 'secret-retired',
    subject: { type: 'credential', authority, id },
    generation: round,
    round: 1,
  } as const;
  const opened: Case = { ...openCase(about, stamp), state: 'working', cursors: 0 };
  const obligation = obligationFor(opened, credential, covered, stamp);
  const tally = { planned: 1, open: 1, uncovered: covered ? 0 : 1 };
  const told = { client: client.id, partner: client.partner, authority, key: id };
  const writes: Write[] = [
    moved(at, { ...rotation, state: 'retiring' }, stamp),
    ...(credential.state === 'live'
      ? [{ kind: 'move-credential', credential, round, from: 'live', to: 'condemned' } as const]
      : []),
    { kind: 'open-case', case: opened, dueAt: stamp.at },
    { kind: 'open-obligation', obligation },
    { kind: 'add-tally', case: opened.id, shard: obligation.shard, tally },
    { kind: 'queue-event', event: caseOpened(opened, stamp) },
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
