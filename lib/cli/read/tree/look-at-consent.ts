import { findGenerations } from '../../../aws/dynamodb/readers/generations.ts';
import type { Consent } from '../../../domain/inventory/consent.ts';
import type { ConsentRef } from '../../../domain/inventory/credential.ts';
import type { Above } from '../../../domain/decisions/above.ts';
import type { Fence } from '../../../domain/case/fence.ts';
import type { ConsentId, PartnerId } from '../../../domain/ids.ts';
import { consentName } from '../../../domain/names.ts';
import type { CaseSubject } from '../../../domain/subject.ts';
import { dynamo, openFences, openInventory, openRegistry } from '../../tables.ts';
import { required } from '../../variables.ts';
import { arrange, type Forest } from './arrange.ts';
import { levelsMax } from './rows.ts';
import { standingConsents } from './standing-consents.ts';
import { type Grown, walkConsent, type Walked } from './walk-consent.ts';

/** One generation of a consent, with its credentials. */
export interface Looked {
  readonly ref: ConsentRef;
  /** Undefined if its grant was never announced. */
  readonly consent: Consent | undefined;
  /** The regime of its partner, if the partner is registered with one. */
  readonly regime: string | undefined;
  readonly above: Above;
  readonly heldBy: HeldBy;
  readonly walked: Walked;
  readonly forest: Forest<Held>;
}

export interface Held extends Grown {
  readonly heldBy: HeldBy;
}

/** The subjects that an active hold is on. */
type HeldBy = readonly CaseSubject['type'][];

/** The known generations of a consent. */
export interface KnownGenerations {
  /** Granted, named by a credential, or fenced; the latest first. */
  readonly numbers: readonly number[];
  readonly fence: Fence | undefined;
  /** True if all generations were read. */
  readonly whole: boolean;
}

export async function generationsOf(id: ConsentId): Promise<KnownGenerations> {
  const { RESCIND_REGISTRY_TABLE: table } = required('RESCIND_REGISTRY_TABLE', 'RESCIND_FENCES_TABLE');
  const [{ granted, named, whole }, fence] = await Promise.all([
    findGenerations(dynamo(), table, id),
    openFences()?.fences.find({ type: 'consent', id }),
  ]);
  const known = [
    ...granted.map(({ generation }) => generation),
    ...named,
    ...(fence ? [fence.generation] : []),
  ];
  return { numbers: [...new Set(known)].toSorted((a, b) => b - a), fence, whole };
}

/** Reads one generation, and lists up to `limit` of its credentials. */
export async function lookAtConsent(ref: ConsentRef, limit: number): Promise<Looked> {
  const { list, held } = openInventory();
  const registry = openRegistry();
  const fences = openFences();
  if (!fences) throw new Error('an inventory is open: the environment names the table of fences');
  const { above, serves } = standingConsents({ ...registry, ...fences });
  const consent = await registry.consents.find(ref.id, ref.generation);
  const partner = consent && (await registry.partners.find(consent.partner));
  const walked = await walkConsent(ref, { limit, steps: levelsMax }, { ...registry, list, serves });
  const own = subjectsOf({ partner: consent?.partner, consent: ref });
  const subjects = walked.grown.map(({ authority, id, ...one }): readonly CaseSubject[] => [
    ...subjectsOf(one),
    { type: 'credential', authority, id },
  ]);
  const isHeld = await held([...own, ...subjects.flat()]);
  const heldBy = (some: readonly CaseSubject[]): HeldBy => some.filter(isHeld).map(({ type }) => type);
  const all = walked.grown.map((one, index) => ({ ...one, heldBy: heldBy(subjects[index] ?? []) }));
  const isUnder = (one: Held) => one.consent !== undefined && consentName(one.consent) === consentName(ref);
  return {
    ref,
    consent,
    regime: partner?.regime,
    above: await above(ref),
    heldBy: heldBy(own),
    walked,
    forest: arrange(all, { isUnder, levels: levelsMax }),
  };
}

/** The subjects whose holds cover a whole consent. */
const subjectsOf = (of: {
  readonly partner: PartnerId | undefined;
  readonly consent?: ConsentRef | undefined;
}): readonly CaseSubject[] => [
  ...(of.partner === undefined ? [] : [{ type: 'partner', id: of.partner } as const]),
  ...(of.consent ? [{ type: 'consent', id: of.consent.id } as const] : []),
];
