import type { CredentialKind } from '../../lib/domain/inventory/credential.ts';
import type { Happening, Told } from './history.ts';

/** How everything has to stand in the end, whatever the order in which it was told. */
export interface End {
  /** The highest withdrawn generation, by consent. */
  readonly fences: Readonly<Record<string, number>>;
  readonly consents: Readonly<Record<string, 'granted' | 'withdrawn'>>;
  readonly credentials: Readonly<Record<string, 'live' | 'condemned' | 'dead'>>;
  readonly grants: readonly string[];
  /** What is owed, and whether it was paid: one that nobody can kill stays open. */
  readonly obligations: Readonly<Record<string, 'open' | 'dead'>>;
  /** What lives although something that it grew out of died: it serves a consent that stands, and is listed. */
  readonly shared: readonly string[];
}

const nameOf = ({ authority, id }: { readonly authority: string; readonly id: string }) =>
  `${authority}/${id}`;

const killable: readonly CredentialKind[] = ['refresh_token', 'access_token'];

/** The rules in their shortest form: a set of facts, and a fixpoint over it. Shares no code with what it judges. */
export function endOf(history: readonly Happening[]): End {
  const fences = new Map<string, number>();
  for (const one of history)
    if (one.kind === 'withdrawn')
      fences.set(one.consent.id, Math.max(one.consent.generation, fences.get(one.consent.id) ?? 0));
  const told = history.flatMap((one) => (one.kind === 'announced' ? [one.credential] : []));
  const isFenced = ({ id, generation }: { readonly id: string; readonly generation: number }) =>
    (fences.get(id) ?? 0) >= generation;
  const { doomed, grants } = doom(told, isFenced);

  const consents: Record<string, 'granted' | 'withdrawn'> = {};
  for (const one of history)
    if (one.kind === 'granted')
      consents[`${one.consent.id}@${one.consent.generation}`] = isFenced(one.consent)
        ? 'withdrawn'
        : 'granted';
  const credentials: Record<string, 'live' | 'condemned' | 'dead'> = {};
  const obligations: Record<string, 'open' | 'dead'> = {};
  for (const one of told) {
    const isKillable = one.authority !== 'legacy' && killable.includes(one.kind);
    credentials[nameOf(one)] = !doomed.has(nameOf(one)) ? 'live' : isKillable ? 'dead' : 'condemned';
    if (doomed.has(nameOf(one))) obligations[nameOf(one)] = isKillable ? 'dead' : 'open';
  }
  const shared = told.filter((one) => !doomed.has(nameOf(one)) && grewOutOf(one, doomed, grants));
  return {
    fences: Object.fromEntries([...fences].toSorted(([a], [b]) => a.localeCompare(b))),
    consents,
    credentials,
    grants: [...grants].toSorted(),
    obligations,
    shared: shared.map(nameOf).toSorted(),
  };
}

function doom(told: readonly Told[], isFenced: (consent: NonNullable<Told['consent']>) => boolean) {
  const doomed = new Set<string>();
  const grants = new Set<string>();
  for (let before = -1; before !== doomed.size;) {
    before = doomed.size;
    for (const one of told) {
      // what names a consent lives and dies by it
      const dies = one.consent ? isFenced(one.consent) : grewOutOf(one, doomed, grants);
      if (!dies) continue;
      doomed.add(nameOf(one));
      if (one.grant) grants.add(grantOf(one));
    }
  }
  return { doomed, grants };
}

const grewOutOf = (one: Told, doomed: ReadonlySet<string>, grants: ReadonlySet<string>): boolean =>
  (one.parent !== undefined && doomed.has(nameOf(one.parent))) ||
  (one.replaces !== undefined && doomed.has(nameOf(one.replaces))) ||
  (one.grant !== undefined && grants.has(grantOf(one)));

/** A grant is one partner's. */
const grantOf = ({ authority, partner, grant }: Told): string => `${authority}/${partner}/${grant}`;
