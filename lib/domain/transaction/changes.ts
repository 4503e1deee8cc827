import type { StateChange } from './entry.ts';
import {
  approvalName,
  authorityName,
  clientName,
  consentName,
  credentialName,
  customerName,
  cutOffName,
  grantName,
  holdName,
  obligationName,
  partnerName,
  rotationName,
} from '../names.ts';
import { subjectPart } from '../subject.ts';
import type { Write } from './write.ts';

/** Returns the state changes of a transaction, in the vocabulary of the ledger. Bookkeeping changes no state. */
export function changesOf(writes: readonly Write[]): StateChange[] {
  return writes.flatMap((write): StateChange[] => {
    switch (write.kind) {
      case 'register-partner':
        return [revisionChange(partnerName(write.partner.id), write.from, write.partner.revision)];
      case 'register-authority':
        return [revisionChange(authorityName(write.authority.id), write.from, write.authority.revision)];
      case 'register-client':
        return [revisionChange(clientName(write.client.id), write.from, write.client.revision)];
      case 'move-rotation':
        return write.from?.state === write.to.state
          ? []
          : [{ item: rotationName(write.to.client), from: write.from?.state ?? null, to: write.to.state }];
      case 'place-hold':
        return [{ item: holdName(write.hold.id), from: null, to: 'held' }];
      case 'lift-hold':
        return [{ item: holdName(write.hold.id), from: 'held', to: 'lifted' }];
      case 'ask-approval':
        return write.over?.state === 'asked'
          ? []
          : [{ item: approvalName(write.approval.what), from: write.over?.state ?? null, to: 'asked' }];
      case 'use-approval':
        return [{ item: approvalName(write.approval.what), from: 'asked', to: 'used' }];
      case 'add-cut-off':
        return [{ item: cutOffName(write.cutOff.id), from: null, to: 'ready' }];
      case 'use-cut-off':
        return [{ item: cutOffName(write.cutOff.id), from: 'ready', to: 'executed' }];
      case 'publish-keys':
        return [{ item: 'keys/handle', from: write.from, to: write.keyId }];
      case 'link-customer':
        return [{ item: customerName(write.customer.pseudonym), from: null, to: 'linked' }];
      case 'forget-customer':
        return [{ item: customerName(write.customer.pseudonym), from: 'linked', to: 'deleted' }];
      case 'add-consent':
        return [{ item: consentName(write.consent), from: null, to: write.consent.state }];
      case 'withdraw-consent':
        return [{ item: consentName(write.consent), from: 'granted', to: 'withdrawn' }];
      case 'condemn-grant':
        return [{ item: grantName(write.grant), from: null, to: 'condemned' }];
      case 'add-credential':
        return [{ item: credentialName(write.credential), from: null, to: write.credential.state }];
      case 'move-credential':
        return [{ item: credentialName(write.credential), from: write.from, to: write.to }];
      case 'raise-fence':
        return [
          {
            item: `fence/${write.fence.subject.type}/${subjectPart(write.fence.subject)}`,
            from: write.from === null ? null : String(write.from),
            to: String(write.fence.generation),
          },
        ];
      case 'open-case':
        return [{ item: `case/${write.case.id}`, from: null, to: write.case.state }];
      case 'move-case':
        return write.from.state === write.to.state
          ? []
          : [{ item: `case/${write.case}`, from: write.from.state, to: write.to.state }];
      case 'open-obligation':
        return [{ item: obligationName(write.obligation), from: null, to: write.obligation.state }];
      case 'settle-obligation':
        return write.from.state === write.to.state
          ? []
          : [{ item: obligationName(write.from), from: write.from.state, to: write.to.state }];
      case 'require-partner':
      case 'require-planned':
      case 'clear-due':
      case 'see-signal':
      case 'see-rejection':
      case 'require-no-fence':
      case 'require-not-condemned':
      case 'mark-credential':
      case 'note-credential':
      case 'note-grant':
      case 'add-cursor':
      case 'branch-cursor':
      case 'move-cursor':
      case 'drop-cursor':
      case 'add-tally':
      case 'require-tally':
      case 'accept-collateral':
      case 'postpone-obligation':
      case 'postpone-case':
      case 'queue-event':
      case 'append-entry':
        return [];
    }
  });
}

const revisionChange = (item: string, from: number | null, to: number): StateChange => ({
  item,
  from: from === null ? null : String(from),
  to: String(to),
});
