import { clientId } from '../../domain/ids.ts';
import { CommandFailed, type Report } from '../output.ts';
import { say } from '../printable.ts';
import { openRegistry } from '../tables.ts';

/** `rescind rotation show CLIENT`: how a client is registered, and where its rotation stands. */
export async function showRotation(id: string): Promise<Report> {
  const { clients, rotations } = openRegistry();
  const client = await clients.find(clientId(id));
  if (!client)
    throw new CommandFailed('checkFailed', say`there is no client ${id}: rescind register puts one there`);
  const rotation = await rotations.find(client.id);
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
  ];
  return { result: { client, rotation: rotation ?? null }, lines };
}
