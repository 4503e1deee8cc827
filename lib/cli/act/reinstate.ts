import { type Ask, expecting } from '../door.ts';
import type { Report } from '../output.ts';
import { say } from '../printable.ts';

/** `rescind reinstate HOLD`: lifts a hold. The first of two operators asks for it, the second one lifts it. */
export async function reinstate(
  hold: string,
  options: { readonly reason: string },
  ask: Ask,
): Promise<Report> {
  const answer = expecting(
    await ask({ command: 'reinstate', hold, reason: options.reason }),
    'lifted',
    'asked',
  );
  if (answer.kind === 'lifted')
    return {
      result: answer,
      lines: [
        say`lifted    ${answer.hold}${answer.already ? '  (already before: nothing was changed)' : ''}`,
        say`by        ${answer.by}`,
        say`asked by  ${answer.askedBy}`,
      ],
    };
  return {
    result: answer,
    lines: [
      say`asked     ${answer.what}`,
      say`by        ${answer.by}`,
      say`next      a second operator must run the same command before ${answer.until}; until then the hold stays active`,
    ],
    ends: 'incomplete',
  };
}
