import type { CaseKind, Tally } from '../case/case.ts';
import type { ConsentRef, Credential, CredentialKind } from '../inventory/credential.ts';
import type { CaseSubject } from '../subject.ts';
import type { CaseId, ClientId, CredentialId, CredentialRef, HoldId, PartnerId } from '../ids.ts';
import type { Proof } from '../case/obligation.ts';

interface CaseEvent extends Pick<Tally, 'planned' | 'dead' | 'waived' | 'open' | 'uncovered'> {
  readonly case: CaseId;
  readonly follows?: CaseId | undefined;
  readonly kind: CaseKind;
  readonly subject: CaseSubject;
  /** RFC 3339. */
  readonly effectAt: string;
  readonly completeAt?: string | undefined;
}

type Announced = Pick<Credential, 'authority' | 'id' | 'kind' | 'partner' | 'consent' | 'client'>;

/** A change of a client's key. `key` is a `kid`. */
interface SecretEvent {
  readonly client: ClientId;
  readonly partner: PartnerId;
  readonly authority: string;
  readonly key: CredentialId;
  /** RFC 3339. */
  readonly at: string;
}

interface HoldEvent {
  readonly hold: HoldId;
  readonly subject: CaseSubject;
  readonly by: string;
  readonly at: string;
}

/** An event that Rescind sends on the bus, after the commit of the change that it reports. */
export type EventOut =
  | { readonly type: 'Case Opened'; readonly detail: CaseEvent }
  | { readonly type: 'Case Closed'; readonly detail: CaseEvent }
  | {
      readonly type: 'Credential Issued';
      readonly detail: { readonly credential: Announced; readonly at: string };
    }
  | {
      readonly type: 'Credential Refreshed';
      readonly detail: {
        readonly credential: Announced;
        readonly replaces: CredentialRef;
        readonly at: string;
      };
    }
  | {
      readonly type: 'Credential Exchanged';
      readonly detail: {
        readonly credential: Announced;
        readonly parent: CredentialRef;
        readonly at: string;
      };
    }
  | {
      readonly type: 'Consent Withdrawn' | 'Consent Expired';
      readonly detail: { readonly consent: ConsentRef; readonly case: CaseId; readonly at: string };
    }
  | {
      readonly type: 'Credential Expired';
      readonly detail: { readonly credential: CredentialRef; readonly case: CaseId; readonly at: string };
    }
  | { readonly type: 'Secret Rotated'; readonly detail: SecretEvent & { readonly previous: CredentialId } }
  | { readonly type: 'Secret Retired'; readonly detail: SecretEvent & { readonly case: CaseId } }
  | { readonly type: 'Access Held'; readonly detail: HoldEvent & { readonly reason: string } }
  | { readonly type: 'Access Lifted'; readonly detail: HoldEvent }
  | {
      readonly type: 'Credential Revoked';
      readonly detail: {
        readonly case: CaseId;
        readonly credentials: readonly (CredentialRef & {
          readonly kind: CredentialKind;
          readonly proof: Proof;
        })[];
        readonly at: string;
      };
    };
