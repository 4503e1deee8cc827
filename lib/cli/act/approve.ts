import type { AnswerOf } from '../../wire/operate.ts';
import { counted } from '../counts.ts';
import { type Ask, expecting } from '../door.ts';
import type { Report } from '../output.ts';
import { say, shell } from '../printable.ts';
import { parseCredential } from '../subjects.ts';

export interface Approve {
  /** `<authority>/<id>`. */
  readonly credential: string;
  readonly reason: string;
}

/** `rescind approve CASE`: accepts the collateral of one credential, which is then revoked although others outside the case end with it. */
export async function approve(id: string, { credential, reason }: Approve, ask: Ask): Promise<Report> {
  const order = { command: 'approve', case: id, credential: parseCredential(credential), reason } as const;
  const approved = expecting(await ask(order), 'approved');
  return { result: approved, lines: linesOf(approved) };
}

function linesOf({ credential, case: id, state, count, ends }: AnswerOf<'approved'>): string[] {
  const more = count - ends.length;
  const owed = state === 'open' || state === 'draining';
  return [
    say`approved  ${credential.authority}/${credential.id}: its collateral is accepted; its obligation is ${state}`,
    `ends too  ${count > 0 ? `${counted(count, 'live credential')} outside this case:` : 'no live credential outside this case'}`,
    ...ends.map((name) => say`          ${name}`),
    ...(more > 0 ? [`          and ${more} more`] : []),
    ...(owed ? ['next      a worker revokes it within two minutes'] : []),
    `look      ${shell('rescind', 'case', 'show', id)}`,
  ];
}
