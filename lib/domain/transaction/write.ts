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

/** An event that waits until the bus has it. */
export type QueuedEvent = EventOut & { readonly id: string };

/**
 * One step of a transaction, as data; each carries its own condition, named in its comment.
 * All steps of a commit happen or none does, and the ledger entry is made from the very same steps.
 */
export type Write =
  /** No such partner yet, or one of a lower revision. */
  | { readonly kind: 'register-partner'; readonly partner: Partner; readonly from: number | null }
  /** No such authority yet, or one of a lower revision. */
  | { readonly kind: 'register-authority'; readonly authority: Authority; readonly from: number | null }
  /** These public keys are not published yet. */
  | {
      readonly kind: 'publish-keys';
      readonly jwks: string;
      readonly keyId: string;
      readonly from: string | null;
    }
  /** No such client yet, or one of a lower revision. */
  | { readonly kind: 'register-client'; readonly client: Client; readonly from: number | null }
  /** The rotation is in the state and has the number that it was read with; null: the client has none yet. */
  | {
      readonly kind: 'move-rotation';
      readonly from: Pick<Rotation, 'state' | 'number'> | null;
      readonly to: Rotation;
    }
  /** The partner is registered, in this revision where one is given. */
  | { readonly kind: 'require-partner'; readonly partner: PartnerId; readonly revision?: number }
  /** No signal of this key yet. */
  | { readonly kind: 'see-signal'; readonly signal: SignalKey; readonly digest: string; readonly at: string }
  /** No rejection of this digest yet. */
  | { readonly kind: 'see-rejection'; readonly digest: string; readonly reason: string; readonly at: string }
  /** The customer has no pseudonym yet, and nobody has this one. */
  | { readonly kind: 'link-customer'; readonly customer: LinkedCustomer }
  /** The link is there as it was read. */
  | { readonly kind: 'forget-customer'; readonly customer: LinkedCustomer }
  /** No such consent in this generation yet. */
  | { readonly kind: 'add-consent'; readonly consent: Consent }
  /** The consent is granted. */
  | { readonly kind: 'withdraw-consent'; readonly consent: ConsentRef }
  /** No such credential yet. Its edges come with it. */
  | { readonly kind: 'add-credential'; readonly credential: Credential }
  /** The credential is in the state and round it was read in. */
  | {
      readonly kind: 'move-credential';
      readonly credential: CredentialRef;
      readonly round: number;
      readonly from: CredentialState;
      readonly to: CredentialState;
      /** The case whose walk condemns it. */
      readonly by?: CaseId | undefined;
    }
  /** It is there, and no walk came through it yet. */
  | { readonly kind: 'mark-credential'; readonly credential: CredentialRef; readonly by: CaseId }
  /** No walk came through this grant yet. */
  | { readonly kind: 'condemn-grant'; readonly grant: GrantRef; readonly by: CaseId }
  /** No walk came through it yet, whether it is known or not. */
  | { readonly kind: 'require-not-condemned'; readonly origin: Origin }
  /** The row exists. It is due no more: what was to be done at its time is done, or has no object. */
  | { readonly kind: 'clear-due'; readonly of: ConsentRef | CredentialRef }
  /** No fence at or above this generation yet. */
  | { readonly kind: 'raise-fence'; readonly fence: Fence; readonly from: number | null }
  /** No fence stands over this generation. */
  | {
      readonly kind: 'require-no-fence';
      readonly subject: FenceSubject;
      /** 0: no fence at all. */
      readonly generation: number;
      /** Which of the copies of a partner's fence is asked: below `partnerFenceCopies`. @default 0 */
      readonly copy?: number;
    }
  /** The subject has no hold, or the lifted one that was read. */
  | { readonly kind: 'place-hold'; readonly hold: Hold; readonly after: HoldId | null }
  /** The hold stands. */
  | { readonly kind: 'lift-hold'; readonly hold: Hold; readonly by: string; readonly at: string }
  /** Nobody asked for it yet, or exactly the one that was read did. */
  | { readonly kind: 'ask-approval'; readonly approval: Approval; readonly over: Approval | null }
  /** The approval stands as it was read; `by` is somebody else. */
  | {
      readonly kind: 'use-approval';
      readonly approval: Approval;
      readonly by: string;
      readonly at: string;
    }
  /** New. */
  | { readonly kind: 'add-cut-off'; readonly cutOff: CutOff; readonly set: CutOffSet }
  /** Not executed yet. */
  | { readonly kind: 'use-cut-off'; readonly cutOff: CutOff; readonly case: CaseId }
  /** No such case yet. Its walk begins at `root`; without one there is nothing to walk. */
  | { readonly kind: 'open-case'; readonly case: Case; readonly root?: PlanNode; readonly dueAt: string }
  /** The case is in the state, and has as many cursors, as it was read with. */
  | {
      readonly kind: 'move-case';
      readonly case: CaseId;
      readonly from: Pick<Case, 'state' | 'cursors'>;
      readonly to: Pick<Case, 'state' | 'cursors'>;
      /** RFC 3339; the chaser looks again from then on. Absent: closed, nothing to look at. */
      readonly dueAt?: string | undefined;
      readonly completeAt?: string | undefined;
    }
  /** Nothing of the case is left to be listed. */
  | { readonly kind: 'require-planned'; readonly case: CaseId }
  /** The case is not closed; the cursor is new. */
  | { readonly kind: 'add-cursor'; readonly case: CaseId; readonly node: PlanNode; readonly dueAt: string }
  /** The cursor is new; the `move-case` beside it counts it. */
  | { readonly kind: 'branch-cursor'; readonly case: CaseId; readonly cursor: Cursor }
  /** The cursor stands where it was read. */
  | { readonly kind: 'move-cursor'; readonly case: CaseId; readonly cursor: Cursor; readonly after: string }
  /** The cursor stands where it was read. */
  | { readonly kind: 'drop-cursor'; readonly case: CaseId; readonly cursor: Cursor }
  /** The walk of this case noted no such credential yet. */
  | { readonly kind: 'note-credential'; readonly note: Note }
  /** The walk of this case did not come through this grant yet; another one condemned it. */
  | { readonly kind: 'note-grant'; readonly case: CaseId; readonly grant: GrantRef }
  /** No such obligation yet. */
  | { readonly kind: 'open-obligation'; readonly obligation: Obligation }
  /** The obligation is in the state, round and attempt it was read in. */
  | {
      readonly kind: 'settle-obligation';
      readonly from: Obligation;
      readonly to: Pick<Obligation, 'attempts' | 'dueAt' | 'uncovered' | 'seenActiveAt' | 'deadBy'> & {
        readonly state: ObligationState;
        /** Code of the last outcome, for people. */
        readonly last: string;
      };
    }
  /** The obligation is open or draining, and nobody accepted its collateral yet. It is due from `dueAt` on. */
  | { readonly kind: 'accept-collateral'; readonly obligation: Obligation; readonly dueAt: string }
  /** The obligation is in the attempt it was read in. */
  | { readonly kind: 'postpone-obligation'; readonly obligation: Obligation; readonly dueAt: string }
  /** The case is not closed. */
  | { readonly kind: 'postpone-case'; readonly case: CaseId; readonly dueAt: string }
  /** Unconditional sum. */
  | {
      readonly kind: 'add-tally';
      readonly case: CaseId;
      readonly shard: number;
      readonly tally: Partial<Tally>;
    }
  /** The tally of this shard is exactly this: nothing open, nothing draining. */
  | { readonly kind: 'require-tally'; readonly case: CaseId; readonly shard: number; readonly tally: Tally }
  /** New. */
  | { readonly kind: 'queue-event'; readonly event: QueuedEvent }
  /** New; `Entry.changes` are those of the other writes. */
  | { readonly kind: 'append-entry'; readonly entry: Entry };

export type WriteKind = Write['kind'];

/** Answers of a store to a commit. `failed` names the writes whose condition did not hold. */
export type Committed = { readonly ok: true } | { readonly ok: false; readonly failed: readonly Write[] };

/** Commits all writes or none. Conflicts with other transactions are the store's to retry. */
export type Commit = (writes: readonly Write[]) => Promise<Committed>;
