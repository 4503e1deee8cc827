import { authorityId, consentId, credentialId, type HoldId, holdId, partnerId } from '../ids.ts';
import { type CaseSubject, subjectPart } from '../subject.ts';

export type HoldState = 'held' | 'lifted';

/** A reversible suspension with an id of its own; it destroys nothing. A subject has one at a time. */
export interface Hold {
  readonly id: HoldId;
  readonly subject: CaseSubject;
  readonly state: HoldState;
  readonly reason: string;
  /** The operator, as AWS names the caller. */
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
  /** The second of the two who lifted it. */
  readonly liftedBy?: string | undefined;
}

/** For example `partner/acme/01J…`: the id leads to what it is about. */
export const holdIdOf = (subject: CaseSubject, number: string): HoldId =>
  holdId(`${subject.type}/${subjectPart(subject)}/${number}`);

/** What a hold of this id is about; undefined for what is no hold's id. */
export function heldBy(id: string): CaseSubject | undefined {
  const [, type, part = ''] = /^(partner|consent|credential)\/([^/]+)\/[0-9A-Za-z]+$/.exec(id) ?? [];
  if (type === undefined) return undefined;
  const [first = '', second] = part.split(':').map(decode);
  if (type === 'credential')
    return second === undefined
      ? undefined
      : { type, authority: authorityId(first), id: credentialId(second) };
  return type === 'partner' ? { type, id: partnerId(first) } : { type: 'consent', id: consentId(first) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
