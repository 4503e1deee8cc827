import { fenceOver } from '../../domain/decisions/above.ts';
import type { Hold } from '../../domain/emergency/hold.ts';
import type { Fence } from '../../domain/case/fence.ts';
import { clientId } from '../../domain/ids.ts';
import type { Client } from '../../domain/rotation/client.ts';
import type { Rotation, RotationState } from '../../domain/rotation/rotation.ts';
import { findHold } from '../../flows/rotation/find-hold.ts';
import { CommandFailed, type Report } from '../output.ts';
import { say } from '../printable.ts';
import { subjectText } from '../subjects.ts';
import { openFences, openRegistry } from '../tables.ts';

/** `rescind rotation show CLIENT`: a client's registration, the state of its rotation, and what stops the rotation. */
export async function showRotation(id: string): Promise<Report> {
  const { clients, rotations } = openRegistry();
  const client = await clients.find(clientId(id));
  if (!client)
    throw new CommandFailed(
      'checkFailed',
      say`there is no client ${id}: check the id, or register the client (rescind register)`,
    );
  const rotation = await rotations.find(client.id);
  const stops = await lookForStops(client, rotation);
  const lines = [
    say`client    ${client.id}  revision ${client.revision}`,
    say`partner   ${client.partner}`,
    say`at        ${client.authority} as ${client.clientId}  (${client.registrationUri})`,
    say`strategy  ${client.strategy}: a new key every ${client.everySeconds} s; the old key works for another ${client.overlapSeconds} s`,
    ...(rotation
      ? [
          say`rotation  number ${rotation.number}, ${rotation.state}: ${states[rotation.state]}`,
          say`current   ${rotation.current}`,
          say`other     ${rotation.other ?? '-'}`,
          say`due       ${rotation.dueAt}  rotate-due takes the next step then`,
        ]
      : ['rotation  none yet']),
    ...(stops ? stopLines(stops) : ['held      not read: set RESCIND_FENCES_TABLE']),
  ];
  const { hold = null, fence = null } = stops ?? {};
  return {
    result: { client, rotation: rotation ?? null, ...(stops && { hold, cutOff: fence }) },
    lines,
  };
}

const states = {
  resting: 'no rotation is in progress',
  begun: 'a new key is to be made',
  created: 'the other key is new, and not published yet',
  published: 'the other key is new and published at the authority, and not tested yet',
  tested: 'the other key is new and accepted by the authority, and not current yet',
  overlap: 'the other key is the old one; both keys work',
  retiring: 'the other key is the old one, and not proven dead yet',
} as const satisfies Record<RotationState, string>;

/** While one of these is active, a rotation takes no further step. */
interface Stops {
  readonly hold: Hold | undefined;
  /** The fence over the partner, in its registered revision. */
  readonly fence: Fence | undefined;
}

/** Looks for a hold and a cut-off; undefined if the environment does not name the table of fences. */
async function lookForStops(client: Client, rotation: Rotation | undefined): Promise<Stops | undefined> {
  const open = openFences();
  if (!open) return undefined;
  const [hold, partner, fence] = await Promise.all([
    rotation && findHold({ client, rotation }, open),
    openRegistry().partners.find(client.partner),
    open.fences.find({ type: 'partner', id: client.partner }),
  ]);
  const above = partner && { revision: partner.revision, fence };
  return { hold, fence: fenceOver({ partner: above }, undefined) };
}

const stopLines = ({ hold, fence }: Stops): string[] => [
  hold
    ? say`held      ${subjectText(hold.subject)}, since ${hold.at}: the rotation takes no step until ${hold.id} is lifted (rescind reinstate)`
    : 'held      -',
  fence
    ? say`cut off   ${fence.at}  the partner, by ${fence.case}: its keys are revoked, and no rotation continues`
    : 'cut off   -',
];
