import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Credential } from '../../domain/credential.ts';
import { dueShards, outboxShards, partnerShards, pendingShards } from '../../domain/limits.ts';
import { consentName, credentialName } from '../../domain/names.ts';
import type { Write } from '../../domain/write.ts';
import { canonical, sha256 } from '../../wire/digest.ts';
import { addTally, moveCase, obligationKey, requireTally, settleObligation } from './case-writes.ts';
import { check, isNew, put, remove, update } from './expressions.ts';
import { caseKeys, fenceKey, ledgerKeys, registryKeys, shardName } from './keys.ts';

export interface Tables {
  readonly registry: string;
  readonly fences: string;
  readonly cases: string;
  readonly ledger: string;
}

/** The tables that one function was given; a write to another one is a mistake in its wiring. */
export function tablesFrom(given: Partial<Tables>): Tables {
  const need = (name: keyof Tables): string => {
    const table = given[name];
    if (table === undefined)
      throw new Error(`this function writes no ${name}: its environment names no such table`);
    return table;
  };
  return {
    get registry() {
      return need('registry');
    },
    get fences() {
      return need('fences');
    },
    get cases() {
      return need('cases');
    },
    get ledger() {
      return need('ledger');
    },
  };
}

/** The DynamoDB actions of one write, with the condition that its kind promises. */
export function actionsOf(write: Write, tables: Tables): TransactWriteItem[] {
  switch (write.kind) {
    case 'register-partner':
      return [
        put(
          tables.registry,
          { ...registryKeys.partner(write.partner.id), ...write.partner },
          raised('revision', write.from, write.partner.revision),
        ),
      ];
    case 'register-authority':
      return [
        put(
          tables.registry,
          { ...registryKeys.authority(write.authority.id), ...write.authority },
          raised('revision', write.from, write.authority.revision),
        ),
      ];
    case 'publish-keys': {
      const row = { ...registryKeys.publicKeys(), jwks: write.jwks, keyId: write.keyId };
      return [
        put(
          tables.registry,
          row,
          write.from === null ? isNew : { if: '#keyId = :from', values: { from: write.from } },
        ),
      ];
    }
    case 'require-partner':
      return [check(tables.registry, registryKeys.partner(write.partner), { if: 'attribute_exists(#pk)' })];
    case 'see-signal': {
      const { signal, digest, at } = write;
      return [put(tables.cases, { ...caseKeys.signal(signal), digest, at }, isNew)];
    }
    case 'see-rejection':
      return [
        put(tables.cases, { ...caseKeys.rejection(write.digest), reason: write.reason, at: write.at }, isNew),
      ];
    case 'add-consent': {
      const { consent } = write;
      const expiry = consent.state === 'granted' ? expires(consentName(consent), consent.expiresAt) : {};
      const row = { ...registryKeys.consent(consent.id, consent.generation), ...consent, ...expiry };
      return [put(tables.registry, row, isNew)];
    }
    case 'add-credential':
      return addCredential(write.credential, tables.registry);
    case 'move-credential': {
      const { credential, round, from, to } = write;
      const condition = { if: '#state = :from AND #round = :round', values: { from, to, round } };
      return [
        update(
          tables.registry,
          registryKeys.credential(credential),
          'SET #state = :to REMOVE #dueShard, #dueAt',
          condition,
        ),
      ];
    }
    case 'clear-due': {
      const { of } = write;
      const key =
        'authority' in of ? registryKeys.credential(of) : registryKeys.consent(of.id, of.generation);
      return [update(tables.registry, key, 'REMOVE #dueShard, #dueAt', { if: 'attribute_exists(#pk)' })];
    }
    case 'raise-fence': {
      const condition = raised('generation', write.from, write.fence.generation);
      return [put(tables.fences, { ...fenceKey(write.fence.subject), ...write.fence }, condition)];
    }
    case 'require-no-fence':
      return [
        check(tables.fences, fenceKey(write.subject), {
          if: 'attribute_not_exists(#pk) OR #generation < :generation',
          values: { generation: write.generation },
        }),
      ];
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
    case 'add-cursor':
      return [
        put(tables.cases, { ...caseKeys.cursor(write.case, write.node), node: write.node }, isNew),
        update(tables.cases, caseKeys.case(write.case), 'SET #cursors = #cursors + :one, #dueAt = :dueAt', {
          if: 'attribute_exists(#pk) AND #state <> :closed',
          values: { one: 1, closed: 'closed', dueAt: write.dueAt },
        }),
      ];
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
    case 'postpone-obligation': {
      const { obligation, dueAt } = write;
      const condition = {
        if: '#state = :state AND #attempts = :attempts',
        values: { state: obligation.state, attempts: obligation.attempts, dueAt },
      };
      return [update(tables.cases, obligationKey(obligation), 'SET #dueAt = :dueAt', condition)];
    }
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

/** New, or still at `from` and below `to`: a number that only rises, whatever was decided. */
const raised = (name: 'generation' | 'revision', from: number | null, to: number) =>
  from === null ? isNew : { if: `#${name} = :from AND #${name} < :to`, values: { from, to } };

const standsAt = (after: string | undefined, values: object = {}) =>
  after === undefined
    ? { if: 'attribute_exists(#pk) AND attribute_not_exists(#after)', values }
    : { if: '#after = :after', values: { ...values, after } };

const due = (spreadBy: string, dueAt: string) => ({ dueShard: shardName('due', spreadBy, dueShards), dueAt });

/** In the sparse index from birth, by UTC: senders may write any offset. */
const expires = (spreadBy: string, expiresAt: string | undefined) =>
  expiresAt === undefined ? {} : due(spreadBy, new Date(expiresAt).toISOString());

function addCredential(credential: Credential, registry: string): TransactWriteItem[] {
  const { authority, id, consent, grant, partner } = credential;
  const ref = { authority, id };
  const expiry = credential.state === 'live' ? expires(credentialName(ref), credential.expiresAt) : {};
  const edges = [
    registryKeys.partnerEdge(partner, ref, partnerShards),
    ...(consent ? [registryKeys.consentEdge(consent, ref)] : []),
    ...(grant ? [registryKeys.grantEdge(grant, ref)] : []),
  ];
  return [
    put(registry, { ...registryKeys.credential(ref), ...credential, ...expiry }, isNew),
    ...edges.map((key) => put(registry, { ...key, ...ref })),
  ];
}

/** The entry, whose body alone is evidence, and the marker that the sealer looks for. */
function appendEntry({ entry }: WriteOf<'append-entry'>, ledger: string): TransactWriteItem[] {
  const body = canonical(entry);
  const digest = sha256(body);
  const key = ledgerKeys.entry(entry.subject, entry.id);
  return [
    put(ledger, { ...key, body, digest }, isNew),
    put(ledger, { ...ledgerKeys.pending(entry.id, pendingShards), entry: key.pk, digest }, isNew),
  ];
}
