import type { Consent } from '../inventory/consent.ts';
import type { ConsentRef, Credential } from '../inventory/credential.ts';
import type { CustomerPrint, PartnerId } from '../ids.ts';

/** The message that announced a signal. Signals are deduplicated by this key. */
export interface SignalKey {
  /** AWS account of the sender. */
  readonly account: string;
  /** EventBridge source. */
  readonly source: string;
  /** The sender's id of the event. */
  readonly id: string;
}

/** A fact, as a sender announced it. */
export type Signal = {
  readonly key: SignalKey;
  /** SHA-256 of the canonical announcement, hex: the same id with another digest is refused. */
  readonly digest: string;
  /** RFC 3339, the sender's clock. */
  readonly occurredAt: string;
} & (
  | {
      readonly kind: 'ConsentGranted';
      /** From here on only a keyed fingerprint identifies the customer. */
      readonly consent: Omit<Consent, 'state' | 'customer'> & { readonly customer: CustomerPrint };
    }
  | {
      readonly kind: 'ConsentWithdrawn';
      readonly consent: ConsentRef;
      readonly partner?: PartnerId | undefined;
      readonly by: 'customer' | 'bank' | 'partner' | 'authority';
      readonly reason?: string | undefined;
    }
  | {
      readonly kind: 'CredentialIssued' | 'CredentialRefreshed' | 'CredentialExchanged';
      readonly credential: Omit<Credential, 'state' | 'round' | 'condemnedBy'>;
    }
);

export type SignalOf<Kind extends Signal['kind']> = Signal & { readonly kind: Kind };
