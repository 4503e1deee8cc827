import type { ConsentRef, Credential } from '../inventory/credential.ts';
import { type Origin, originName, originsOf } from '../inventory/delegation.ts';
import type { Fence } from '../case/fence.ts';
import type { CaseId, PartnerId } from '../ids.ts';
import { partnerFenceCopies } from '../limits.ts';
import { credentialName } from '../names.ts';
import { spread } from '../spread.ts';
import type { Write } from '../transaction/write.ts';

/**
 * The barriers that forbid a consent or credential: fences and condemned ancestors, as they were read. An absent one is taken not to
 * exist.
 */
export interface Above {
  readonly consent?: Fence | undefined;
  /** The partner's registration, with its fence. A revision higher than the fence restores the partner's access. */
  readonly partner?: { readonly revision: number; readonly fence?: Fence | undefined } | undefined;
  /** The names of condemned ancestors, each with the case that condemned it. */
  readonly condemned?: ReadonlyMap<string, CaseId> | undefined;
}

/** Returns the fence that forbids a consent: the consent's own fence first, then the partner's. */
export function fenceOver(above: Above, consent: ConsentRef | undefined): Fence | undefined {
  if (above.consent && consent && above.consent.generation >= consent.generation) return above.consent;
  const { partner } = above;
  return partner?.fence && partner.fence.generation >= partner.revision ? partner.fence : undefined;
}

/** The conditions of the transaction that records an announced credential. */
export function conditionsOfIssue(
  credential: Omit<Credential, 'state' | 'round'>,
  above: Above,
): readonly Write[] {
  const { partner, consent } = credential;
  const fences = conditionsOf({ partner, consent, name: credentialName(credential) }, above);
  if (fenceOver(above, consent)) return fences;
  // an ancestor that was read as condemned needs no check: it stays condemned
  const unseen = originsOf(credential).filter((origin) => !above.condemned?.has(originName(origin)));
  return [...fences, ...unseen.map((origin: Origin): Write => ({ kind: 'require-not-condemned', origin }))];
}

/**
 * The conditions of the commit: the partner is registered, and no fence exists that was not read. A fence that was read needs no
 * check, because fences only rise.
 */
export function conditionsOf(
  what: { readonly partner: PartnerId; readonly consent: ConsentRef | undefined; readonly name: string },
  above: Above,
): Write[] {
  const { partner, consent, name } = what;
  const known = above.partner;
  const registered: Write =
    known?.fence === undefined
      ? { kind: 'require-partner', partner }
      : { kind: 'require-partner', partner, revision: known.revision };
  if (fenceOver(above, consent)) return [registered];
  return [
    registered,
    {
      kind: 'require-no-fence',
      subject: { type: 'partner', id: partner },
      generation: known?.fence === undefined ? 0 : known.revision,
      copy: spread(name, partnerFenceCopies),
    },
    ...(consent
      ? [
          {
            kind: 'require-no-fence',
            subject: { type: 'consent', id: consent.id },
            generation: consent.generation,
          } as const,
        ]
      : []),
  ];
}
