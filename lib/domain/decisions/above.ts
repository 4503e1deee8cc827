import type { ConsentRef, Credential } from '../inventory/credential.ts';
import { type Origin, originName, originsOf } from '../inventory/delegation.ts';
import type { Fence } from '../case/fence.ts';
import type { CaseId, PartnerId } from '../ids.ts';
import { partnerFenceCopies } from '../limits.ts';
import { credentialName } from '../names.ts';
import { spread } from '../spread.ts';
import type { Write } from '../transaction/write.ts';

/** What stands above a consent or a credential, as far as it was read; what is absent is believed not to stand. */
export interface Above {
  readonly consent?: Fence | undefined;
  /** The partner's registration, with its fence: a revision above the fence is let in again. */
  readonly partner?: { readonly revision: number; readonly fence?: Fence | undefined } | undefined;
  /** By the names of condemned origins: the case that came through them. */
  readonly condemned?: ReadonlyMap<string, CaseId> | undefined;
}

/** The fence that dishonours it, the consent's before the partner's. */
export function fenceOver(above: Above, consent: ConsentRef | undefined): Fence | undefined {
  if (above.consent && consent && above.consent.generation >= consent.generation) return above.consent;
  const { partner } = above;
  return partner?.fence && partner.fence.generation >= partner.revision ? partner.fence : undefined;
}

/** What has to hold when a credential is announced. */
export function conditionsOfIssue(
  credential: Omit<Credential, 'state' | 'round'>,
  above: Above,
): readonly Write[] {
  const { partner, consent } = credential;
  const fences = conditionsOf({ partner, consent, name: credentialName(credential) }, above);
  if (fenceOver(above, consent)) return fences;
  // one that was seen condemned needs no check: it stays so
  const unseen = originsOf(credential).filter((origin) => !above.condemned?.has(originName(origin)));
  return [...fences, ...unseen.map((origin: Origin): Write => ({ kind: 'require-not-condemned', origin }))];
}

/**
 * What has to hold at the commit: the partner is registered, and no fence stands that was not seen. A fence is never lowered:
 * one that was seen needs no check.
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
