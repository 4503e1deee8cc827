import type { ConsentId, CredentialRef, PartnerId } from './ids.ts';

/** The subject of a fence. */
export type FenceSubject =
  { readonly type: 'consent'; readonly id: ConsentId } | { readonly type: 'partner'; readonly id: PartnerId };

/** The subject of a case or hold. */
export type CaseSubject = FenceSubject | ({ readonly type: 'credential' } & CredentialRef);

/** Returns the subject as a part of a name. Two subjects of one type never share it. */
export function subjectPart(subject: CaseSubject): string {
  const id = encodeURIComponent(subject.id);
  return subject.type === 'credential' ? `${encodeURIComponent(subject.authority)}:${id}` : id;
}
