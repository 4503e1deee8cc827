import type { Case } from '../../case/case.ts';
import type { Credential } from '../../inventory/credential.ts';
import type { Write } from '../../transaction/write.ts';
import { obligationFor } from './owe.ts';
import type { Stamp } from '../../transaction/stamp.ts';
import { caseOpened, openCase } from './open-case.ts';

/**
 * Opens a case about a single credential: condemns the credential where it is live, and opens its obligation.
 * There is nothing to walk, so the case begins in the state `working`.
 */
export function openOwnCase(
  kind: 'credential-expired' | 'secret-retired',
  credential: Credential,
  covered: boolean,
  stamp: Stamp,
): { readonly case: Case; readonly writes: readonly Write[] } {
  const { authority, id, round, state } = credential;
  const subject = { type: 'credential', authority, id } as const;
  const about = { kind, subject, generation: round, round: 1 };
  const opened: Case = { ...openCase(about, stamp), state: 'working', cursors: 0 };
  const obligation = obligationFor(opened, credential, covered, stamp);
  const tally = { planned: 1, open: 1, uncovered: covered ? 0 : 1 };
  return {
    case: opened,
    writes: [
      ...(state === 'live'
        ? [{ kind: 'move-credential', credential, round, from: 'live', to: 'condemned' } as const]
        : []),
      { kind: 'open-case', case: opened, dueAt: stamp.at },
      { kind: 'open-obligation', obligation },
      { kind: 'add-tally', case: opened.id, shard: obligation.shard, tally },
      { kind: 'queue-event', event: caseOpened(opened, stamp) },
    ],
  };
}
