import { fenceOver } from '../../domain/decisions/above.ts';
import type { Hold } from '../../domain/emergency/hold.ts';
import type { Fence } from '../../domain/case/fence.ts';
import { clientId } from '../../domain/ids.ts';
import type { Client } from '../../domain/rotation/client.ts';
import type { Rotation } from '../../domain/rotation/rotation.ts';
import { findHold } from '../../flows/rotation/find-hold.ts';
import { CommandFailed, type Report } from '../output.ts';
import { say } from '../printable.ts';
import { subjectText } from '../subjects.ts';
import { openFences, openRegistry } from '../tables.ts';

/** `rescind rotation show CLIENT`: how a client is registered, where its rotation stands, and what stops it. */
export async function showRotation(id: string): Promise<Report> {
  const { clients, rotations } = openRegistry();
  const client = await clients.find(clientId(id));
  if (!client)
    throw new CommandFailed('checkFailed', say`there is no client ${id}: rescind register puts one there`);
  const rotation = await rotations.find(client.id);
  const stops = await lookForStops(client, rotation);
  const lines = [
    say`client    ${client.id}  revision ${client.revision}`,
    say`partner   ${client.partner}`,
    say`at        ${client.authority} as ${client.clientId}  (${client.registrationUri})`,
    say`strategy  ${client.strategy}, each ${client.everySeconds} s, both keys work for ${client.overlapSeconds} s`,
    ...(rotation
      ? [
          say`rotation  number ${rotation.number}, ${rotation.state}`,
          say`promoted  ${rotation.current}`,
          say`other     ${rotation.other ?? '-'}`,
          say`next look ${rotation.dueAt}`,
        ]
      : ['rotation  none yet']),
    ...(stops ? stopLines(stops) : ['held      not asked: set RESCIND_FENCES_TABLE']),
  ];
  const { hold = null, fence = null } = stops ?? {};
  return {
    result: { client, rotation: rotation ?? null, ...(stops && { hold, cutOff: fence }) },
    lines,
  };
}

/** While one of these stands, a rotation goes no further. */
interface Stops {
  readonly hold: Hold | undefined;
  /** Over the partner, in the revision that it is registered in. */
  readonly fence: Fence | undefined;
}

/** Undefined where the environment names no table of fences. */
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
    ? say`held      ${subjectText(hold.subject)}, since ${hold.at}: it goes no step further until ${hold.id} is lifted`
    : 'held      -',
  fence
    ? say`cut off   ${fence.at}  the partner, raised by ${fence.case}: its keys end, and no rotation goes on`
    : 'cut off   -',
];
