import type { CaseKind, Tally } from './case.ts';
import type { CredentialKind } from './credential.ts';
import type { CaseSubject } from './subject.ts';
import type { CaseId, CredentialRef } from './ids.ts';
import type { Proof } from './obligation.ts';

interface CaseEvent extends Pick<Tally, 'planned' | 'dead' | 'waived' | 'open' | 'uncovered'> {
  readonly case: CaseId;
  readonly follows?: CaseId | undefined;
  readonly kind: CaseKind;
  readonly subject: CaseSubject;
  /** RFC 3339. */
  readonly effectAt: string;
  readonly completeAt?: string | undefined;
}

/** What leaves on the bus, after the commit that made it true. */
export type EventOut =
  | { readonly type: 'Case Opened'; readonly detail: CaseEvent }
  | { readonly type: 'Case Closed'; readonly detail: CaseEvent }
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
