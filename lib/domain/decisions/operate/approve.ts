import type { Case } from '../../case/case.ts';
import type { Credential } from '../../inventory/credential.ts';
import type { Obligation } from '../../case/obligation.ts';
import { credentialName } from '../../names.ts';
import type { Write } from '../../transaction/write.ts';
import { recorded, type Stamp } from '../../transaction/stamp.ts';

/** An entry names this many of what ends with a credential, and counts them all: a row holds 400 KB. */
export const collateralNamesMax = 50;

/** What an approval of collateral comes to. */
export type Acceptance =
  | { readonly kind: 'accept'; readonly writes: readonly Write[] }
  /** Somebody accepted it before; `writes` makes it due at once where it waits. */
  | { readonly kind: 'accepted-before'; readonly writes: readonly Write[] }
  | { readonly kind: 'refused'; readonly because: 'case-closed' | 'ended-already' | 'not-blocked' };

/**
 * A person decides that a credential of a case dies although what lives outside the case dies with it. One is enough: it takes
 * access away. `ends` is what lives and would end with it.
 */
export function decideAcceptance(
  found: { readonly case: Case; readonly obligation: Obligation; readonly ends: readonly Credential[] },
  who: { readonly by: string; readonly reason: string },
  stamp: Stamp,
): Acceptance {
  const { case: of, obligation, ends } = found;
  if (obligation.collateral === 'accepted')
    return { kind: 'accepted-before', writes: dueAtOnce(obligation, stamp) };
  if (of.state === 'closed') return { kind: 'refused', because: 'case-closed' };
  if (!isOwed(obligation)) return { kind: 'refused', because: 'ended-already' };
  if (!isBlocked(obligation)) return { kind: 'refused', because: 'not-blocked' };
  const writes: Write[] = [{ kind: 'accept-collateral', obligation, dueAt: stamp.at }];
  const facts = {
    credential: credentialName(obligation),
    ...who,
    count: ends.length,
    ends: ends.slice(0, collateralNamesMax).map(credentialName),
  };
  const entry = { kind: 'approved', subject: `case/${of.id}`, case: of.id, facts } as const;
  return { kind: 'accept', writes: recorded(writes, entry, stamp) };
}

/** Whether its last attempt left it alone because of what would end with it, and nobody has accepted that. */
export const waitsForApproval = (obligation: Obligation): boolean =>
  isOwed(obligation) && obligation.collateral === undefined && isBlocked(obligation);

export const isOwed = ({ state }: Pick<Obligation, 'state'>): boolean =>
  state === 'open' || state === 'draining';

const isBlocked = ({ last }: Obligation): boolean =>
  last?.split(' ').includes('revocation:collateral') ?? false;

// times of ours all have milliseconds and end in Z
const dueAtOnce = (obligation: Obligation, stamp: Stamp): Write[] =>
  isOwed(obligation) && obligation.dueAt > stamp.at
    ? [{ kind: 'postpone-obligation', obligation, dueAt: stamp.at }]
    : [];
