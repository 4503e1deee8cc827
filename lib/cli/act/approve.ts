import type { AnswerOf } from '../../wire/operate.ts';
import { type Ask, expecting } from '../door.ts';
import type { Report } from '../output.ts';
import { say, shell } from '../printable.ts';
import { parseCredential } from '../subjects.ts';

export interface Approve {
  /** `<authority>/<id>`. */
  readonly credential: string;
  readonly reason: string;
}

/** `rescind approve CASE`: lets a credential of a case be killed although others, which the case is not about, die with it. */
export async function approve(id: string, { credential, reason }: Approve, ask: Ask): Promise<Report> {
  const order = { command: 'approve', case: id, credential: parseCredential(credential), reason } as const;
  const approved = expecting(await ask(order), 'approved');
  return { result: approved, lines: linesOf(approved) };
}

function linesOf({ credential, case: id, state, count, ends }: AnswerOf<'approved'>): string[] {
  const more = count - ends.length;
  const owed = state === 'open' || state === 'draining';
  return [
    say`approved  ${credential.authority}/${credential.id} of ${id}, which is ${state}`,
    `ends too  ${count} that live outside the case${count > 0 ? ':' : ''}`,
    ...ends.map((name) => say`          ${name}`),
    ...(more > 0 ? [`          and ${more} more`] : []),
    ...(owed ? ['next      a worker tries it within two minutes'] : []),
    `look      ${shell('rescind', 'case', 'show', id)}`,
  ];
}
