import type { Fence } from '../fence.ts';
import type { SignalOf } from '../signal.ts';
import { consentName } from '../names.ts';
import type { Write } from '../write.ts';
import { recorded, type Stamp } from './stamp.ts';

/** Records a granted consent; under a fence it is born withdrawn. */
export function decideGrant(
  signal: SignalOf<'ConsentGranted'>,
  fence: Fence | undefined,
  stamp: Stamp,
): readonly Write[] {
  const { consent } = signal;
  const fenced = fence !== undefined && fence.generation >= consent.generation;
  const writes: Write[] = [
    { kind: 'see-signal', signal: signal.key, digest: signal.digest, at: stamp.at },
    { kind: 'require-partner', partner: consent.partner },
    { kind: 'add-consent', consent: { ...consent, state: fenced ? 'withdrawn' : 'granted' } },
    // a fence is never lowered: one that was seen needs no check
    ...(fenced
      ? []
      : [
          {
            kind: 'require-no-fence',
            subject: { type: 'consent', id: consent.id },
            generation: consent.generation,
          } as const,
        ]),
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
  return recorded(writes, { kind: 'granted', subject: consentName(consent), facts }, stamp);
}
