import type { Case } from '../../case/case.ts';
import type { Credential } from '../../inventory/credential.ts';
import type { Obligation } from '../../case/obligation.ts';
import { credentialName } from '../../names.ts';
import type { Write } from '../../transaction/write.ts';
import { recorded, type Stamp } from '../../transaction/stamp.ts';

/** An entry names at most this many of the credentials that end with another one, and counts them all: a DynamoDB item holds 400 KB. */
export const collateralNamesMax = 50;

/** The decision about an operator's wish to accept collateral. */
export type Acceptance =
  | { readonly kind: 'accept'; readonly writes: readonly Write[] }
  /** An operator accepted it before. `writes` makes the obligation due at once where it waits. */
  | { readonly kind: 'accepted-before'; readonly writes: readonly Write[] }
  | { readonly kind: 'refused'; readonly because: 'case-closed' | 'ended-already' | 'not-blocked' };

/**
 * Records that an operator accepts collateral: live credentials outside the case end together with this credential of the case.
 * One operator is enough, because this takes access away. `ends` lists the live credentials that would end with it.
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

/** True where the last attempt did not revoke the credential because of its collateral, and no operator has accepted that collateral. */
export const waitsForApproval = (obligation: Obligation): boolean =>
  isOwed(obligation) && obligation.collateral === undefined && isBlocked(obligation);

/** True while the credential of an obligation has still to die. */
export const isOwed = ({ state }: Pick<Obligation, 'state'>): boolean =>
  state === 'open' || state === 'draining';

const isBlocked = ({ last }: Obligation): boolean =>
  last?.split(' ').includes('revocation:collateral') ?? false;

// text comparison is safe: all times that Rescind writes have milliseconds and end in Z
const dueAtOnce = (obligation: Obligation, stamp: Stamp): Write[] =>
  isOwed(obligation) && obligation.dueAt > stamp.at
    ? [{ kind: 'postpone-obligation', obligation, dueAt: stamp.at }]
    : [];
