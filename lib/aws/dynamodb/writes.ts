import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { dueShards, outboxShards, partnerFenceCopies, pendingShards } from '../../domain/limits.ts';
import type { Write } from '../../domain/transaction/write.ts';
import { canonical, sha256 } from '../../wire/digest.ts';
import {
  addConsent,
  addCredential,
  clearDue,
  condemnGrant,
  forgetCustomer,
  linkCustomer,
  markCredential,
  moveCredential,
  moveRotation,
  publishKeys,
  raised,
  register,
  requireNotCondemned,
  requirePartner,
  withdrawConsent,
} from './writes/registry.ts';
import {
  acceptCollateral,
  addTally,
  moveCase,
  obligationKey,
  postponeObligation,
  requireTally,
  settleObligation,
} from './writes/cases.ts';
import { check, isNew, put, remove, update } from './expressions.ts';
import { caseKeys, fenceKey, ledgerKeys, registryKeys, shardName } from './keys.ts';
import type { Tables } from './tables.ts';
import { addCutOff, askApproval, liftHold, placeHold, useApproval, useCutOff } from './writes/operator.ts';

/** Returns the DynamoDB actions of one write, with the condition that is documented at its kind. */
export function actionsOf(write: Write, tables: Tables): TransactWriteItem[] {
  switch (write.kind) {
    case 'register-partner': {
      const { partner, from } = write;
      return [register(registryKeys.partner(partner.id), partner, from, tables.registry)];
    }
    case 'register-authority': {
      const { authority, from } = write;
      return [register(registryKeys.authority(authority.id), authority, from, tables.registry)];
    }
    case 'register-client': {
      const { client, from } = write;
      return [register(registryKeys.client(client.id), client, from, tables.registry)];
    }
    case 'move-rotation':
      return [moveRotation(write, tables.registry)];
    case 'publish-keys':
      return [publishKeys(write, tables.registry)];
    case 'require-partner':
      return [requirePartner(write, tables.registry)];
    case 'see-signal': {
      const { signal, digest, at } = write;
      return [put(tables.cases, { ...caseKeys.signal(signal), digest, at }, isNew)];
    }
    case 'see-rejection':
      return [
        put(tables.cases, { ...caseKeys.rejection(write.digest), reason: write.reason, at: write.at }, isNew),
      ];
    case 'link-customer':
      return linkCustomer(write, tables.registry);
    case 'forget-customer':
      return forgetCustomer(write, tables.registry);
    case 'add-consent':
      return [addConsent(write, tables.registry)];
    case 'add-credential':
      return addCredential(write, tables.registry);
    case 'withdraw-consent':
      return [withdrawConsent(write, tables.registry)];
    case 'move-credential':
      return [moveCredential(write, tables.registry)];
    case 'mark-credential':
      return [markCredential(write, tables.registry)];
    case 'condemn-grant':
      return [condemnGrant(write, tables.registry)];
    case 'require-not-condemned':
      return [requireNotCondemned(write, tables.registry)];
    case 'clear-due':
      return [clearDue(write, tables.registry)];
    case 'raise-fence': {
      const condition = raised('generation', write.from, write.fence.generation);
      const copies = write.fence.subject.type === 'partner' ? partnerFenceCopies : 1;
      return Array.from({ length: copies }, (_, copy) =>
        put(tables.fences, { ...fenceKey(write.fence.subject, copy), ...write.fence }, condition),
      );
    }
    case 'require-no-fence':
      return [
        check(tables.fences, fenceKey(write.subject, write.copy), {
          if: 'attribute_not_exists(#pk) OR #generation < :generation',
          values: { generation: write.generation },
        }),
      ];
    case 'place-hold':
      return [placeHold(write, tables.fences)];
    case 'lift-hold':
      return [liftHold(write, tables.fences)];
    case 'ask-approval':
      return [askApproval(write, tables.cases)];
    case 'use-approval':
      return [useApproval(write, tables.cases)];
    case 'add-cut-off':
      return addCutOff(write, tables.cases);
    case 'use-cut-off':
      return [useCutOff(write, tables.cases)];
    case 'open-case':
      return [
        put(
          tables.cases,
          { ...caseKeys.case(write.case.id), ...write.case, ...due(write.case.id, write.dueAt) },
          isNew,
        ),
        ...(write.root
          ? [put(tables.cases, { ...caseKeys.cursor(write.case.id, write.root), node: write.root }, isNew)]
          : []),
      ];
    case 'move-case':
      return [moveCase(write, tables.cases)];
    case 'require-planned': {
      const condition = { if: '#cursors = :none', values: { none: 0 } };
      return [check(tables.cases, caseKeys.case(write.case), condition)];
    }
    case 'add-cursor':
      return [
        put(tables.cases, { ...caseKeys.cursor(write.case, write.node), node: write.node }, isNew),
        update(tables.cases, caseKeys.case(write.case), 'SET #cursors = #cursors + :one, #dueAt = :dueAt', {
          if: 'attribute_exists(#pk) AND #state <> :closed',
          values: { one: 1, closed: 'closed', dueAt: write.dueAt },
        }),
      ];
    case 'branch-cursor': {
      const { node } = write.cursor;
      return [put(tables.cases, { ...caseKeys.cursor(write.case, node), ...write.cursor }, isNew)];
    }
    case 'note-credential': {
      const { note } = write;
      return [put(tables.cases, { ...caseKeys.note(note.case, note.shard, note), ...note }, isNew)];
    }
    case 'note-grant':
      return [put(tables.cases, { ...caseKeys.grantNote(write.case, write.grant), ...write.grant }, isNew)];
    case 'move-cursor':
      return [
        update(
          tables.cases,
          caseKeys.cursor(write.case, write.cursor.node),
          'SET #after = :next',
          standsAt(write.cursor.after, { next: write.after }),
        ),
      ];
    case 'drop-cursor':
      return [
        remove(tables.cases, caseKeys.cursor(write.case, write.cursor.node), standsAt(write.cursor.after)),
      ];
    case 'open-obligation': {
      const { obligation } = write;
      return [
        put(
          tables.cases,
          {
            ...obligationKey(obligation),
            ...obligation,
            ...due(`${obligation.authority}#${obligation.id}`, obligation.dueAt),
          },
          isNew,
        ),
      ];
    }
    case 'settle-obligation':
      return [settleObligation(write, tables.cases)];
    case 'accept-collateral':
      return [acceptCollateral(write, tables.cases)];
    case 'postpone-obligation':
      return [postponeObligation(write, tables.cases)];
    case 'postpone-case': {
      const condition = {
        if: 'attribute_exists(#pk) AND #state <> :closed',
        values: { dueAt: write.dueAt, closed: 'closed' },
      };
      return [update(tables.cases, caseKeys.case(write.case), 'SET #dueAt = :dueAt', condition)];
    }
    case 'add-tally':
      return [addTally(write, tables.cases)];
    case 'require-tally':
      return [requireTally(write, tables.cases)];
    case 'queue-event': {
      const { id, ...event } = write.event;
      return [
        put(tables.cases, { ...caseKeys.event(id, outboxShards), event: JSON.stringify(event) }, isNew),
      ];
    }
    case 'append-entry':
      return appendEntry(write, tables.ledger);
  }
}

type WriteOf<Kind extends Write['kind']> = Extract<Write, { readonly kind: Kind }>;

const standsAt = (after: string | undefined, values: object = {}) =>
  after === undefined
    ? { if: 'attribute_exists(#pk) AND attribute_not_exists(#after)', values }
    : { if: '#after = :after', values: { ...values, after } };

const due = (spreadBy: string, dueAt: string) => ({ dueShard: shardName('due', spreadBy, dueShards), dueAt });

/** Puts the entry and its marker, which the sealer looks for. Only the body of the entry is evidence. */
function appendEntry({ entry }: WriteOf<'append-entry'>, ledger: string): TransactWriteItem[] {
  const body = canonical(entry);
  const digest = sha256(body);
  const key = ledgerKeys.entry(entry.subject, entry.id);
  return [
    put(ledger, { ...key, body, digest }, isNew),
    put(ledger, { ...ledgerKeys.pending(entry.id, pendingShards), entry: key.pk, digest }, isNew),
  ];
}
