import { type Ask, expecting } from '../door.ts';
import type { Report } from '../output.ts';
import { say } from '../printable.ts';

/** `rescind reinstate HOLD`: lifts a hold; the first of two operators asks, the second one lifts. */
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
        say`lifted    ${answer.hold}${answer.already ? '  (before: nothing was changed)' : ''}`,
        say`by        ${answer.by}`,
        say`asked by  ${answer.askedBy}`,
      ],
    };
  return {
    result: answer,
    lines: [
      say`asked     ${answer.what}`,
      say`by        ${answer.by}`,
      say`next      a second operator has to reinstate it too before ${answer.until}; until then it stays held`,
    ],
    ends: 'incomplete',
  };
}
