import type { SignalOf } from '../signal.ts';
import { consentName } from '../names.ts';
import type { Write } from '../write.ts';
import { type Above, conditionsOf, fenceOver } from './above.ts';
import { recorded, type Stamp } from './stamp.ts';

/** Records a granted consent; under a fence it is born withdrawn. */
export function decideGrant(
  signal: SignalOf<'ConsentGranted'>,
  above: Above,
  stamp: Stamp,
): readonly Write[] {
  const { consent } = signal;
  const fenced = fenceOver(above, consent) !== undefined;
  const name = consentName(consent);
  const writes: Write[] = [
    { kind: 'see-signal', signal: signal.key, digest: signal.digest, at: stamp.at },
    ...conditionsOf({ partner: consent.partner, consent, name }, above),
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
