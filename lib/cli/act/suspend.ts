import type { CaseSubject } from '../../domain/subject.ts';
import { type Ask, expecting } from '../door.ts';
import type { Report } from '../output.ts';
import { say, shell } from '../printable.ts';
import { onlyOne, parseCredential } from '../subjects.ts';

export interface Suspend {
  readonly partner?: string;
  readonly consent?: string;
  /** `<authority>/<id>`. */
  readonly credential?: string;
  readonly reason: string;
}

/** `rescind suspend`: puts a hold on a partner, a consent or a credential, and says what the hold blocks and what it does not. */
export async function suspend(options: Suspend, ask: Ask, newId: () => string): Promise<Report> {
  const subject = subjectOf(options);
  const held = expecting(
    await ask({ command: 'suspend', request: newId(), subject, reason: options.reason }),
    'held',
  );
  return {
    result: held,
    lines: [
      say`held      ${held.hold}`,
      say`by        ${held.by}`,
      say`since     ${held.at}`,
      ...effectLines[subject.type],
      `to lift   ${shell('rescind', 'reinstate', held.hold, '--reason', '…')}  (takes two operators)`,
    ],
  };
}

/** There is no gate yet, and a hold stops rotations only (`findHold`). */
const goesOn =
  'not       tokens and keys that exist keep working at the APIs until a gate is attached; new ones are recorded as before';

const effectLines = {
  partner: [
    'blocks    rotations of its clients: none begins, and one in progress takes no further step',
    goesOn,
    'to stop   access now: cut the partner off (rescind plan --partner)',
  ],
  consent: [
    'blocks    nothing yet: the hold is recorded, shown, and sent to the bus as Access Held',
    goesOn,
    'to stop   access now: have the consent withdrawn at its consent service',
  ],
  credential: [
    'blocks    rotation of a client, if this is its current key: none begins, and one in progress takes no further step',
    goesOn,
    'to stop   access now: have its consent withdrawn, or cut the partner off (rescind plan --partner)',
  ],
} as const satisfies Record<CaseSubject['type'], readonly string[]>;

function subjectOf(options: Suspend) {
  const [type, value] = onlyOne(options, 'partner', 'consent', 'credential');
  return type === 'credential' ? { type, ...parseCredential(value) } : { type, id: value };
}
