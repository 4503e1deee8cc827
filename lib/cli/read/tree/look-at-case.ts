import { addTallies, type Case, caseIdOf, emptyTally, type Tally } from '../../../domain/case/case.ts';
import type { Credential } from '../../../domain/inventory/credential.ts';
import { collateralOf } from '../../../domain/decisions/walk/collateral.ts';
import { isOwed, waitsForApproval } from '../../../domain/decisions/operate/approve.ts';
import type { Fence } from '../../../domain/case/fence.ts';
import { caseId, type CredentialRef } from '../../../domain/ids.ts';
import { credentialName } from '../../../domain/names.ts';
import type { Note } from '../../../domain/case/note.ts';
import type { Obligation } from '../../../domain/case/obligation.ts';
import { listBeside } from '../../../flows/walk/find-collateral.ts';
import { openCases, openFences, openRegistry } from '../../tables.ts';
import { given } from '../../variables.ts';
import type { Origins } from './arrange.ts';

/** Of the obligations that wait for a person, for this many it is looked up what would end with them. */
export const collateralAsked = 20;

/** What a case owes, or passed by because it was dead: as far as it is known, with what it grew out of. */
export interface Debt extends Origins, Partial<Pick<Credential, 'consent' | 'kind'>> {
  /** Undefined of what was dead already when the case came to it. */
  readonly owed: Obligation | undefined;
  /** What lives and would end with it; undefined where that was not looked up. */
  readonly ends?: readonly Credential[] | undefined;
}

/** A case, with as much of what it owes as was asked for. */
export interface LookedAtCase {
  readonly case: Case;
  readonly tally: Tally;
  /** `unknown`: the environment names no table of fences. */
  readonly fence: Fence | 'none' | 'unknown';
  /** The case of the next round. */
  readonly followUp: Case | undefined;
  readonly debts: readonly Debt[];
  /** What is listed and not killed, at most as many. */
  readonly shared: readonly Note[];
  readonly notShown: {
    readonly open: number;
    readonly ended: number;
    readonly passed: number;
    readonly shared: number;
  };
  /** Whether the environment names the table that says what grew out of what. */
  readonly knowsOrigins: boolean;
}

/** Looks at a case; of its debts, at `limit`, those that are open before the others; undefined: there is no such case. */
export async function lookAtCase(
  id: string,
  bounds: { readonly limit: number; readonly allOpen: boolean },
): Promise<LookedAtCase | undefined> {
  const { cases, obligations } = openCases();
  const found = await cases.find(caseId(id));
  if (!found) return undefined;
  const [tallies, fence, followUp, notes] = await Promise.all([
    cases.tallies(found),
    fenceOf(found),
    cases.find(caseIdOf({ ...found, round: found.round + 1 })),
    cases.notes(found),
  ]);
  const tally = addTallies(...tallies.map((one) => one ?? emptyTally));
  const owed = await select(obligations.pages(found), bounds);
  const passed = notes.filter((note) => note.as === 'passed');
  const shared = notes.filter((note) => note.as === 'shared');
  const listed = passed.slice(0, Math.max(0, bounds.limit - owed.length));
  const open = owed.filter(isOwed).length;
  return {
    case: found,
    tally,
    fence,
    followUp,
    debts: await withOrigins(owed, listed),
    shared: shared.slice(0, bounds.limit),
    notShown: {
      // the tallies were read a moment before the rows
      open: Math.max(0, tally.open + tally.draining - open),
      ended: Math.max(0, tally.dead + tally.waived - (owed.length - open)),
      passed: passed.length - listed.length,
      shared: Math.max(0, shared.length - bounds.limit),
    },
    knowsOrigins: knowsOrigins(),
  };
}

const knowsOrigins = (): boolean => given('RESCIND_REGISTRY_TABLE') !== undefined;

/** The fence of the subject; a word where there is none to show. */
async function fenceOf({ subject }: Case): Promise<LookedAtCase['fence']> {
  if (subject.type === 'credential') return 'none';
  const fences = openFences();
  return fences ? ((await fences.fences.find(subject)) ?? 'none') : 'unknown';
}

/** The first that are open, then as many of the others as there is room for; in the order of their rows. */
async function select(
  pages: AsyncIterable<readonly Obligation[]>,
  { limit, allOpen }: { readonly limit: number; readonly allOpen: boolean },
): Promise<readonly Obligation[]> {
  const all: Obligation[] = [];
  let [open, ended] = [0, 0];
  for await (const page of pages) {
    for (const one of page)
      if (isOwed(one) ? allOpen || open < limit : ended < limit) {
        all.push(one);
        if (isOwed(one)) open += 1;
        else ended += 1;
      }
    if (!allOpen && open >= limit) break;
  }
  let room = Math.max(0, limit - open);
  return all.filter((one) => isOwed(one) || room-- > 0);
}

async function withOrigins(owed: readonly Obligation[], passed: readonly Note[]): Promise<readonly Debt[]> {
  const bare: readonly Debt[] = [
    ...owed.map((one): Debt => ({ authority: one.authority, id: one.id, owed: one })),
    ...passed.map(({ authority, id }): Debt => ({ authority, id, owed: undefined })),
  ];
  if (!knowsOrigins() || bare.length === 0) return bare;
  const registry = openRegistry();
  const known = await registry.credentials.findAll(bare);
  const credentials = new Map(known.map((one) => [credentialName(one), one]));
  const waiting = owed.filter(waitsForApproval).slice(0, collateralAsked);
  const ends = await endsOf(waiting, credentials, registry);
  return bare.map((debt) => {
    const name = credentialName(debt);
    const credential = credentials.get(name);
    return { ...debt, ...(credential && originsIn(credential)), ends: ends.get(name) };
  });
}

const originsIn = ({ parent, replaces, grant, partner, consent, kind }: Credential) => ({
  ...{ parent, replaces, grant, partner, consent, kind },
});

/** By name: what lives and would end with each of these. */
async function endsOf(
  waiting: readonly CredentialRef[],
  credentials: ReadonlyMap<string, Credential>,
  registry: ReturnType<typeof openRegistry>,
): Promise<ReadonlyMap<string, readonly Credential[]>> {
  const found = await Promise.all(
    waiting.map(async (ref) => {
      const credential = credentials.get(credentialName(ref));
      const ends = credential ? collateralOf(credential, await listBeside(credential, registry)) : [];
      return [credentialName(ref), ends] as const;
    }),
  );
  return new Map(found);
}
