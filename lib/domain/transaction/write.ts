import type { Authority } from '../inventory/authority.ts';
import type { Case, Cursor, PlanNode, Tally } from '../case/case.ts';
import type { LinkedCustomer } from '../inventory/customer.ts';
import type { GrantRef, Origin } from '../inventory/delegation.ts';
import type { Consent } from '../inventory/consent.ts';
import type { ConsentRef, Credential, CredentialState } from '../inventory/credential.ts';
import type { Entry } from './entry.ts';
import type { EventOut } from './event-out.ts';
import type { Approval } from '../emergency/approval.ts';
import type { CutOff, CutOffSet } from '../emergency/cut-off.ts';
import type { Hold } from '../emergency/hold.ts';
import type { Fence } from '../case/fence.ts';
import type { FenceSubject } from '../subject.ts';
import type { CaseId, CredentialRef, HoldId, PartnerId } from '../ids.ts';
import type { Note } from '../case/note.ts';
import type { Obligation, ObligationState } from '../case/obligation.ts';
import type { Partner } from '../inventory/partner.ts';
import type { Client } from '../rotation/client.ts';
import type { Rotation } from '../rotation/rotation.ts';
import type { SignalKey } from '../intake/signal.ts';

/** An event that waits in the outbox until the bus has accepted it. */
export type QueuedEvent = EventOut & { readonly id: string };

/**
 * One step of a transaction, as data. The comment at each step names the condition that the step checks.
 * A commit applies all steps or none, and the ledger entry is made from the same steps.
 */
export type Write =
  /** The partner does not exist yet, or has a lower revision. */
  | { readonly kind: 'register-partner'; readonly partner: Partner; readonly from: number | null }
  /** The authority does not exist yet, or has a lower revision. */
  | { readonly kind: 'register-authority'; readonly authority: Authority; readonly from: number | null }
  /** These public keys are not published yet. */
  | {
      readonly kind: 'publish-keys';
      readonly jwks: string;
      readonly keyId: string;
      readonly from: string | null;
    }
  /** The client does not exist yet, or has a lower revision. */
  | { readonly kind: 'register-client'; readonly client: Client; readonly from: number | null }
  /** The rotation still has the state and number that were read; null: the client has no rotation yet. */
  | {
      readonly kind: 'move-rotation';
      readonly from: Pick<Rotation, 'state' | 'number'> | null;
      readonly to: Rotation;
    }
  /** The partner is registered; where `revision` is present, with exactly this revision. */
  | { readonly kind: 'require-partner'; readonly partner: PartnerId; readonly revision?: number }
  /** No signal with this key exists yet. */
  | { readonly kind: 'see-signal'; readonly signal: SignalKey; readonly digest: string; readonly at: string }
  /** No rejection with this digest exists yet. */
  | { readonly kind: 'see-rejection'; readonly digest: string; readonly reason: string; readonly at: string }
  /** The customer has no pseudonym yet, and this pseudonym is unused. */
  | { readonly kind: 'link-customer'; readonly customer: LinkedCustomer }
  /** The link still exists as it was read. */
  | { readonly kind: 'forget-customer'; readonly customer: LinkedCustomer }
  /** The consent does not exist in this generation yet. */
  | { readonly kind: 'add-consent'; readonly consent: Consent }
  /** The consent is granted. */
  | { readonly kind: 'withdraw-consent'; readonly consent: ConsentRef }
  /** The credential does not exist yet. Its edges are written together with it. */
  | { readonly kind: 'add-credential'; readonly credential: Credential }
  /** The credential still has the state and round that were read. */
  | {
      readonly kind: 'move-credential';
      readonly credential: CredentialRef;
      readonly round: number;
      readonly from: CredentialState;
      readonly to: CredentialState;
      /** The case whose walk condemns it. */
      readonly by?: CaseId | undefined;
    }
  /** The credential exists, and no walk has reached it yet. */
  | { readonly kind: 'mark-credential'; readonly credential: CredentialRef; readonly by: CaseId }
  /** No walk has reached this grant yet. */
  | { readonly kind: 'condemn-grant'; readonly grant: GrantRef; readonly by: CaseId }
  /** No walk has reached this ancestor yet. The ancestor itself may be unknown. */
  | { readonly kind: 'require-not-condemned'; readonly origin: Origin }
  /** The row exists. It leaves the index of due rows: its due work is done or no longer needed. */
  | { readonly kind: 'clear-due'; readonly of: ConsentRef | CredentialRef }
  /** The subject has no fence of this generation or a higher one yet. */
  | { readonly kind: 'raise-fence'; readonly fence: Fence; readonly from: number | null }
  /** No fence forbids this generation of the subject. */
  | {
      readonly kind: 'require-no-fence';
      readonly subject: FenceSubject;
      /** 0: the subject has no fence. */
      readonly generation: number;
      /** The copy of a partner's fence that is checked, from 0 to `partnerFenceCopies` - 1. @default 0 */
      readonly copy?: number;
    }
  /** The subject has no hold, or only the lifted hold that was read. */
  | { readonly kind: 'place-hold'; readonly hold: Hold; readonly after: HoldId | null }
  /** The hold is active. */
  | { readonly kind: 'lift-hold'; readonly hold: Hold; readonly by: string; readonly at: string }
  /** No request for this exists yet, or exactly the one that was read. */
  | { readonly kind: 'ask-approval'; readonly approval: Approval; readonly over: Approval | null }
  /** The request still exists as it was read, and `by` is another person than the one who asked. */
  | {
      readonly kind: 'use-approval';
      readonly approval: Approval;
      readonly by: string;
      readonly at: string;
    }
  /** The plan does not exist yet. */
  | { readonly kind: 'add-cut-off'; readonly cutOff: CutOff; readonly set: CutOffSet }
  /** The plan is not executed yet. */
  | { readonly kind: 'use-cut-off'; readonly cutOff: CutOff; readonly case: CaseId }
  /** The case does not exist yet. Its walk begins at `root`; without a root there is nothing to walk. */
  | { readonly kind: 'open-case'; readonly case: Case; readonly root?: PlanNode; readonly dueAt: string }
  /** The case still has the state and the number of cursors that were read. */
  | {
      readonly kind: 'move-case';
      readonly case: CaseId;
      readonly from: Pick<Case, 'state' | 'cursors'>;
      readonly to: Pick<Case, 'state' | 'cursors'>;
      /** RFC 3339. From this time on the chaser looks at the case. Absent where the case is closed. */
      readonly dueAt?: string | undefined;
      readonly completeAt?: string | undefined;
    }
  /** The walk of the case has ended. */
  | { readonly kind: 'require-planned'; readonly case: CaseId }
  /** The case is not closed, and the cursor does not exist yet. */
  | { readonly kind: 'add-cursor'; readonly case: CaseId; readonly node: PlanNode; readonly dueAt: string }
  /** The cursor does not exist yet. The `move-case` of the same transaction counts it. */
  | { readonly kind: 'branch-cursor'; readonly case: CaseId; readonly cursor: Cursor }
  /** The cursor still has the position that was read. */
  | { readonly kind: 'move-cursor'; readonly case: CaseId; readonly cursor: Cursor; readonly after: string }
  /** The cursor still has the position that was read. */
  | { readonly kind: 'drop-cursor'; readonly case: CaseId; readonly cursor: Cursor }
  /** The case has no note about this credential yet. */
  | { readonly kind: 'note-credential'; readonly note: Note }
  /** The walk of this case has not reached this grant yet, which another case condemned. */
  | { readonly kind: 'note-grant'; readonly case: CaseId; readonly grant: GrantRef }
  /** The obligation does not exist yet. */
  | { readonly kind: 'open-obligation'; readonly obligation: Obligation }
  /** The obligation still has the state, round and attempt that were read. */
  | {
      readonly kind: 'settle-obligation';
      readonly from: Obligation;
      readonly to: Pick<Obligation, 'attempts' | 'dueAt' | 'uncovered' | 'seenActiveAt' | 'deadBy'> & {
        readonly state: ObligationState;
        /** Code of the last outcome, for operators. */
        readonly last: string;
      };
    }
  /** The obligation is open or draining, and no operator has accepted its collateral yet. It becomes due at `dueAt`. */
  | { readonly kind: 'accept-collateral'; readonly obligation: Obligation; readonly dueAt: string }
  /** The obligation still has the attempt that was read. */
  | { readonly kind: 'postpone-obligation'; readonly obligation: Obligation; readonly dueAt: string }
  /** The case is not closed. */
  | { readonly kind: 'postpone-case'; readonly case: CaseId; readonly dueAt: string }
  /** No condition: the counts are added. */
  | {
      readonly kind: 'add-tally';
      readonly case: CaseId;
      readonly shard: number;
      readonly tally: Partial<Tally>;
    }
  /** The tally of this shard is exactly `tally`, with nothing open or draining. */
  | { readonly kind: 'require-tally'; readonly case: CaseId; readonly shard: number; readonly tally: Tally }
  /** The event does not exist yet. */
  | { readonly kind: 'queue-event'; readonly event: QueuedEvent }
  /** The entry does not exist yet. Its `changes` are those of the other writes. */
  | { readonly kind: 'append-entry'; readonly entry: Entry };

export type WriteKind = Write['kind'];

/** The store's answer to a commit. `failed` lists the writes whose condition was not met. */
export type Committed = { readonly ok: true } | { readonly ok: false; readonly failed: readonly Write[] };

/** Commits all writes or none. The store itself retries conflicts with other transactions. */
export type Commit = (writes: readonly Write[]) => Promise<Committed>;
