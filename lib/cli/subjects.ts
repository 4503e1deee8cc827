import { type ConsentId, consentId, type CredentialRef } from '../domain/ids.ts';
import { authorityId, credentialId } from '../domain/ids.ts';
import type { CaseSubject } from '../domain/subject.ts';
import { CommandFailed } from './output.ts';
import { printable, say } from './printable.ts';

/** Parses `<id>@<generation>`; the id may contain an at sign. Throws `CommandFailed` (usage). */
export function parseConsent(text: string): { readonly id: ConsentId; readonly generation: number } {
  const [, name = '', generation = ''] = /^(.+)@(\d{1,12})$/.exec(text) ?? [];
  if (name === '')
    throw new CommandFailed('usage', say`--consent ${text}: write <id>@<generation>, such as consent-1@1`);
  return { id: consentId(name), generation: Number(generation) };
}

/** Parses `<authority>/<id>`; the authority ends at the first slash. Throws `CommandFailed` (usage). */
export function parseCredential(text: string): CredentialRef {
  const [, at = '', name = ''] = /^([^/]+)\/(.+)$/.exec(text) ?? [];
  if (name === '')
    throw new CommandFailed('usage', say`--credential ${text}: write <authority>/<id>, such as bank/rt-1`);
  return { authority: authorityId(at), id: credentialId(name) };
}

/** Returns the only option of these that is given, such as `['partner', 'acme']`. Throws `CommandFailed` (usage). */
export function onlyOne<Name extends string>(
  options: { readonly [Option in Name]?: string },
  ...names: readonly Name[]
): readonly [Name, string] {
  const found = names.flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const [one, ...more] = found;
  if (!one || more.length > 0)
    throw new CommandFailed('usage', `name exactly one of ${names.map((name) => `--${name}`).join(', ')}`);
  return one;
}

/** Returns a subject for people: `partner acme`. */
export const subjectText = (subject: CaseSubject): string =>
  printable(`${subject.type} ${subject.type === 'credential' ? `${subject.authority}/` : ''}${subject.id}`);
