import { authorityId, consentId, credentialId, type HoldId, holdId, partnerId } from '../ids.ts';
import { type CaseSubject, subjectPart } from '../subject.ts';

export type HoldState = 'held' | 'lifted';

/** A reversible suspension with an id of its own. It destroys nothing. A subject has at most one active hold. */
export interface Hold {
  readonly id: HoldId;
  readonly subject: CaseSubject;
  readonly state: HoldState;
  readonly reason: string;
  /** The operator, as AWS names the caller. */
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
  /** The second of the two people who lifted the hold. */
  readonly liftedBy?: string | undefined;
}

/** Returns the id of a hold, which contains its subject: for example `partner/acme/01J…`. */
export const holdIdOf = (subject: CaseSubject, number: string): HoldId =>
  holdId(`${subject.type}/${subjectPart(subject)}/${number}`);

/** Returns the subject of the hold with this id. Returns undefined for a text that cannot be a hold's id. */
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
