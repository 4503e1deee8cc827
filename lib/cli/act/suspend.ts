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

/** `rescind suspend`: puts a hold on a partner, a consent or a credential; it destroys nothing. */
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
      `to lift   ${shell('rescind', 'reinstate', held.hold, '--reason', '…')}  (takes two operators)`,
    ],
  };
}

function subjectOf(options: Suspend) {
  const [type, value] = onlyOne(options, 'partner', 'consent', 'credential');
  return type === 'credential' ? { type, ...parseCredential(value) } : { type, id: value };
}
