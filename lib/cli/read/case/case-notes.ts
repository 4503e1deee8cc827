import { type Authority, covers } from '../../../domain/inventory/authority.ts';
import { isOwed } from '../../../domain/decisions/operate/approve.ts';
import type { Obligation } from '../../../domain/case/obligation.ts';
import type { HandleRefused } from '../../../keys/handle.ts';
import { say } from '../../printable.ts';
import type { Debt } from '../tree/look-at-case.ts';

/** What stays open for a reason of its own, below the table of a case: why, what a person can do, and whole names. */
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
    return say`${unopened}: ${whyUnopened[unopened]}: revoke it at ${owed.authority} by hand, or announce it under another id with a handle of its own; the case stays open`;
  return owed.collateral === 'accepted'
    ? 'approved: a worker kills these at their next try, with what ends with them'
    : undefined;
}

const authorityKinds: readonly Authority['kind'][] = ['oauth'];

function uncoveredText(owed: Obligation): string {
  const { authority, kind, client } = owed;
  if (!authorityKinds.some((one) => covers({ kind: one }, owed)))
    return say`uncovered: no connector kills ${article(kind)} ${kind} yet: remove it at ${authority} by hand; the case stays open`;
  const who = client === undefined ? '' : say` and the client ${client}`;
  return say`uncovered: register an authority ${authority}${who} (rescind register): until then nothing kills these, then a worker does at their next try`;
}

const article = (noun: string): string => (/^[aeiou]/.test(noun) ? 'an' : 'a');

type Unopened = HandleRefused['code'] | 'no-handle';

/** Why nobody could present the token to its authority. */
const whyUnopened: Readonly<Record<Unopened, string>> = {
  'no-handle': 'it was announced without a handle, and one cannot be added',
  'unknown-key': 'its handle was made with a key that is not one of these: rescind keys show',
  undecipherable: 'its handle does not open: it was damaged, or holds no token',
  transplanted: 'its handle was made for another credential',
};

function unopenedCode({ last }: Obligation): Unopened | undefined {
  const [, code = ''] = /(?:^| )revocation:(\S+)/.exec(last ?? '') ?? [];
  return Object.hasOwn(whyUnopened, code) ? (code as Unopened) : undefined;
}
