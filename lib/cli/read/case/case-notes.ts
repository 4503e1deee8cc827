import { type Authority, covers } from '../../../domain/inventory/authority.ts';
import { isOwed } from '../../../domain/decisions/operate/approve.ts';
import type { Obligation } from '../../../domain/case/obligation.ts';
import type { HandleRefused } from '../../../keys/handle.ts';
import { say } from '../../printable.ts';
import type { Debt } from '../tree/look-at-case.ts';

/** The notes below the table of a case: why an obligation stays open, what a person can do, and the whole names of the credentials. */
export function noteLines(debts: readonly Debt[]): string[] {
  const notes = new Map<string, string[]>();
  for (const { owed } of debts) {
    const note = owed && isOwed(owed) ? noteOn(owed) : undefined;
    if (!owed || note === undefined) continue;
    const names = notes.get(note) ?? [];
    names.push(say`  ${owed.authority}/${owed.id}`);
    notes.set(note, names);
  }
  return [...notes].flatMap(([note, names]) => ['', note, ...names]);
}

function noteOn(owed: Obligation): string | undefined {
  if (owed.uncovered) return uncoveredText(owed);
  const unopened = unopenedCode(owed);
  if (unopened !== undefined)
    return say`${unopened}: ${whyUnopened[unopened]}. Revoke it at ${owed.authority} by hand, or announce it under another id with a handle of its own. This case stays open`;
  return owed.collateral === 'accepted'
    ? 'accepted: an operator accepted the collateral of these. A worker revokes them at their next attempt'
    : undefined;
}

const authorityKinds: readonly Authority['kind'][] = ['oauth'];

function uncoveredText(owed: Obligation): string {
  const { authority, kind, client } = owed;
  if (!authorityKinds.some((one) => covers({ kind: one }, owed)))
    return say`uncovered: no connector can kill ${article(kind)} ${kind} yet. Remove it at ${authority} by hand. This case stays open`;
  const missing =
    client === undefined
      ? say`the authority ${authority} is registered`
      : say`the authority ${authority} and the client ${client} are registered`;
  return say`uncovered: nothing can kill these until ${missing} (rescind register). Then a worker revokes them at their next attempt`;
}

const article = (noun: string): string => (/^[aeiou]/.test(noun) ? 'an' : 'a');

type Unopened = HandleRefused['code'] | 'no-handle';

/** Why Rescind could not present the token to its authority. */
const whyUnopened: Readonly<Record<Unopened, string>> = {
  'no-handle': 'it was announced without a handle, and a handle cannot be added later',
  'unknown-key': 'its handle was made with a key that is not one of those that rescind keys show prints',
  undecipherable: 'its handle does not open: it was damaged, or has no token in it',
  transplanted: 'its handle was made for another credential',
};

function unopenedCode({ last }: Obligation): Unopened | undefined {
  const [, code = ''] = /(?:^| )revocation:(\S+)/.exec(last ?? '') ?? [];
  return Object.hasOwn(whyUnopened, code) ? (code as Unopened) : undefined;
}
