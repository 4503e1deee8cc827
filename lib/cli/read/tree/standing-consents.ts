import type { Consent } from '../../../domain/inventory/consent.ts';
import type { ConsentRef, Credential } from '../../../domain/inventory/credential.ts';
import { type Above, fenceOver } from '../../../domain/decisions/above.ts';
import type { Fence } from '../../../domain/case/fence.ts';
import type { PartnerId } from '../../../domain/ids.ts';
import { consentName } from '../../../domain/names.ts';
import type { Partner } from '../../../domain/inventory/partner.ts';
import type { FenceSubject } from '../../../domain/subject.ts';

export interface StandingConsents {
  readonly consents: { find(id: string, generation: number): Promise<Consent | undefined> };
  readonly partners: { find(id: PartnerId): Promise<Partner | undefined> };
  readonly fences: { find(subject: FenceSubject): Promise<Fence | undefined> };
}

/** Reads the fences over consents, once for each. */
export function standingConsents(deps: StandingConsents) {
  const asked = new Map<string, Promise<Above>>();
  const above = (consent: ConsentRef): Promise<Above> => {
    const name = consentName(consent);
    const known = asked.get(name) ?? lookAbove(consent, deps);
    asked.set(name, known);
    return known;
  };
  return {
    above,
    /** Returns the consent that a credential serves, if it is not `root` and has no fence over it. */
    serves: async (
      { consent }: Pick<Credential, 'consent'>,
      root: ConsentRef,
    ): Promise<ConsentRef | undefined> => {
      if (!consent || consentName(consent) === consentName(root)) return undefined;
      return fenceOver(await above(consent), consent) ? undefined : consent;
    },
  };
}

/** Reads the fences over a consent and over its partner. */
async function lookAbove({ id, generation }: ConsentRef, deps: StandingConsents): Promise<Above> {
  const [fence, found] = await Promise.all([
    deps.fences.find({ type: 'consent', id }),
    deps.consents.find(id, generation),
  ]);
  const partner = found && (await deps.partners.find(found.partner));
  return {
    consent: fence,
    ...(partner && {
      partner: {
        revision: partner.revision,
        fence: await deps.fences.find({ type: 'partner', id: partner.id }),
      },
    }),
  };
}
