import type { ConsentId, CredentialRef, PartnerId } from './ids.ts';

/** What a fence can stand on. */
export type FenceSubject =
  { readonly type: 'consent'; readonly id: ConsentId } | { readonly type: 'partner'; readonly id: PartnerId };

/** What a case can be about. */
export type CaseSubject = FenceSubject | ({ readonly type: 'credential' } & CredentialRef);

/** The subject as a part of a name; no two subjects of one type share it. */
export function subjectPart(subject: CaseSubject): string {
  const id = encodeURIComponent(subject.id);
  return subject.type === 'credential' ? `${encodeURIComponent(subject.authority)}:${id}` : id;
}
