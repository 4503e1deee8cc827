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

/** For at most this many obligations that wait for an operator, the credentials that would end with them are looked up. */
export const collateralAsked = 20;

/** A credential that a case has an obligation for, or that was dead before; with its ancestors, as far as they are known. */
export interface Debt extends Origins, Partial<Pick<Credential, 'consent' | 'kind'>> {
  /** Undefined if the credential was dead already when the walk found it. */
  readonly owed: Obligation | undefined;
  /** Live credentials that would end with it; undefined if they were not looked up. */
  readonly ends?: readonly Credential[] | undefined;
}

/** A case, with as many of its obligations as were requested. */
export interface LookedAtCase {
  readonly case: Case;
  readonly tally: Tally;
  /** `unknown`: the environment names no table of fences. */
  readonly fence: Fence | 'none' | 'unknown';
  /** The case of the next round. */
  readonly followUp: Case | undefined;
  readonly debts: readonly Debt[];
  /** Shared credentials, at most as many. */
  readonly shared: readonly Note[];
  readonly notShown: {
    readonly open: number;
    readonly ended: number;
    readonly passed: number;
    readonly shared: number;
  };
  /** True if the environment names the table with the ancestors of credentials. */
  readonly knowsOrigins: boolean;
}

/** Reads a case with up to `limit` of its obligations, open ones first; undefined if there is no such case. */
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

/** Returns the fence of the subject, or a word if there is none to show. */
async function fenceOf({ subject }: Case): Promise<LookedAtCase['fence']> {
  if (subject.type === 'credential') return 'none';
  const fences = openFences();
  return fences ? ((await fences.fences.find(subject)) ?? 'none') : 'unknown';
}

/** Selects open obligations first, then as many of the others as the limit allows; in the order of their rows. */
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

/** Looks up the live credentials that would end with each of these, by name. */
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
