import { pseudonymOf } from '../../inventory/customer.ts';
import type { CustomerId } from '../../ids.ts';
import type { SignalOf } from '../../intake/signal.ts';
import { consentName } from '../../names.ts';
import type { Write } from '../../transaction/write.ts';
import { type Above, conditionsOf, fenceOver } from '../above.ts';
import { recorded, type Stamp } from '../../transaction/stamp.ts';

/**
 * Records a granted consent under the pseudonym of its customer; a new pseudonym is made where none is `known`. Where a fence forbids
 * the consent, it is recorded as withdrawn.
 */
export function decideGrant(
  signal: SignalOf<'ConsentGranted'>,
  above: Above,
  known: CustomerId | undefined,
  stamp: Stamp,
): readonly Write[] {
  const { customer: print, ...told } = signal.consent;
  const customer = known ?? pseudonymOf(stamp.newId());
  const consent = { ...told, customer };
  const fenced = fenceOver(above, consent) !== undefined;
  const name = consentName(consent);
  const writes: Write[] = [
    { kind: 'see-signal', signal: signal.key, digest: signal.digest, at: stamp.at },
    ...conditionsOf({ partner: consent.partner, consent, name }, above),
    ...(known === undefined
      ? [{ kind: 'link-customer', customer: { print, pseudonym: customer } } as const]
      : []),
    { kind: 'add-consent', consent: { ...consent, state: fenced ? 'withdrawn' : 'granted' } },
  ];
  const facts = {
    source: signal.key.source,
    account: signal.key.account,
    signal: signal.key.id,
    digest: signal.digest,
    occurredAt: signal.occurredAt,
    partner: consent.partner,
    scopes: consent.scopes,
    grantedAt: consent.grantedAt,
    ...(consent.expiresAt !== undefined && { expiresAt: consent.expiresAt }),
  };
  return recorded(writes, { kind: 'granted', subject: name, facts }, stamp);
}
