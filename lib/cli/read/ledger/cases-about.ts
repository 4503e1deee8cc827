import { caseIdOf } from '../../../domain/case/case.ts';
import type { Credential } from '../../../domain/inventory/credential.ts';
import { authorityId, consentId, credentialId, type CredentialRef, partnerId } from '../../../domain/ids.ts';
import { parseConsent, parseCredential } from '../../subjects.ts';
import { openFences, openRegistry } from '../../tables.ts';
import { given } from '../../variables.ts';
import type { ShownEntry } from './ledger-lines.ts';

/** The option of `ledger show` and its value, as they were written. */
export type Asked = readonly [
  name: 'case' | 'partner' | 'authority' | 'consent' | 'credential' | 'client',
  value: string,
];

/** Returns true if the ledger has an entry under a subject. */
type HasEntries = (subject: string) => Promise<boolean>;

/**
 * Lists the cases that entries name, then those that fenced, condemned or ended the subject, as far as the environment names the
 * tables. The entries about the work of a case are filed under the case alone.
 */
export async function casesAbout(
  [name, value]: Asked,
  entries: readonly ShownEntry[],
  hasEntries: HasEntries,
): Promise<readonly string[]> {
  const named = entries.flatMap((entry) => [
    ...(entry.case === undefined ? [] : [entry.case]),
    ...(entry.facts.shared ?? []),
  ]);
  const all = new Set([...named, ...(await casesOver([name, value], entries, hasEntries))]);
  if (name === 'case') all.delete(value);
  return [...all];
}

async function casesOver(
  [name, value]: Asked,
  entries: readonly ShownEntry[],
  hasEntries: HasEntries,
): Promise<readonly string[]> {
  switch (name) {
    case 'partner': {
      const fence = await openFences()?.fences.find({ type: 'partner', id: partnerId(value) });
      return fence ? [fence.case] : [];
    }
    case 'consent': {
      const { id, generation } = parseConsent(value);
      const fence = await openFences()?.fences.find({ type: 'consent', id: consentId(id) });
      return fence && fence.generation >= generation ? [fence.case] : [];
    }
    case 'credential':
      return casesOf([parseCredential(value)], hasEntries);
    case 'client':
      return casesOf(keysIn(entries), hasEntries);
    case 'case':
    case 'authority':
      return [];
  }
}

/** At most this many keys of a client are read, the latest ones: more are years of rotations. */
const keysAsked = 20;

/** Lists the client's keys that these entries added. */
function keysIn(entries: readonly ShownEntry[]): readonly CredentialRef[] {
  const items = entries.flatMap(({ changes }) => changes.map(({ item }) => item));
  const keys = new Map<string, CredentialRef>();
  for (const item of items) {
    const [, authority, id] = /^credential\/([^/]+)\/([^/]+)$/.exec(item) ?? [];
    if (authority === undefined || id === undefined) continue;
    keys.set(item, {
      authority: authorityId(decodeURIComponent(authority)),
      id: credentialId(decodeURIComponent(id)),
    });
  }
  return [...keys.values()].slice(-keysAsked);
}

/** Lists the cases in which these credentials must die. */
async function casesOf(refs: readonly CredentialRef[], hasEntries: HasEntries): Promise<readonly string[]> {
  if (refs.length === 0 || given('RESCIND_REGISTRY_TABLE') === undefined) return [];
  const found = await openRegistry().credentials.findAll(refs);
  const cases = await Promise.all(
    found.map(async (one) => [
      ...(await ownCasesOf(one, hasEntries)),
      ...(one.condemnedBy === undefined ? [] : [one.condemnedBy]),
    ]),
  );
  return cases.flat();
}

/** Finds the own case of a credential that expired or was retired: its row does not name it. */
async function ownCasesOf(
  { authority, id, round, state }: Credential,
  hasEntries: HasEntries,
): Promise<readonly string[]> {
  if (state === 'live') return [];
  const subject = { type: 'credential', authority, id } as const;
  const cases = (['credential-expired', 'secret-retired'] as const).map((kind) =>
    caseIdOf({ kind, subject, generation: round, round: 1 }),
  );
  const opened = await Promise.all(cases.map((one) => hasEntries(`case/${one}`)));
  return cases.filter((_, index) => opened[index]);
}
