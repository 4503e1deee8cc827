import type { FunctionName } from '../wire/environment.ts';
import type { ClientSecretUse } from './data/client-secrets.ts';
import type { SecretAction } from './data/key-secret.ts';
import type { Confined, TableAction } from './data/protected-table.ts';

/** Everything that one function may do beside logging, tracing and draining its own queue. */
export interface Permissions {
  readonly tables: Partial<Record<'registry' | 'fences' | 'cases', readonly TableAction[]>>;
  /** Partition keys that it may touch, where that is not all: `lib/aws/dynamodb/keys.ts` has them. @default all */
  readonly confined?: Partial<Record<'registry' | 'fences' | 'cases', Confined>>;
  /** May sweep what is due in these tables. */
  readonly due: readonly ('cases' | 'registry')[];
  /** May add ledger entries, inside transactions. */
  readonly appends: boolean;
  /** May read what is sealed and what waits for it, to tell how much. @default false */
  readonly readsLedger?: boolean;
  /** May order what waits in the ledger and sign checkpoints. @default false */
  readonly seals?: boolean;
  readonly keys: Partial<Record<'handleKey' | 'fingerprintKey', readonly SecretAction[]>>;
  /** May read the client keys of authorities. */
  readonly readsAuthoritySecrets: boolean;
  /** What it does with the secrets of clients that rotate. @default nothing */
  readonly clientSecrets?: ClientSecretUse;
  readonly sendsTo: readonly ('plans' | 'obligations' | 'rejected' | 'signals')[];
  /** Queues that it takes messages from by itself, without Lambda between. @default none */
  readonly takesFrom?: readonly 'exhausted'[];
  /** Queues that it is drained from, and whose messages it may bring back sooner where it failed at them. @default none */
  readonly retriesSoon?: readonly 'signals'[];
  /** May send our own events. */
  readonly announces: boolean;
}

/** What a transaction does to rows of cases, and the outbox row that is forgotten after it. */
const caseWork = ['ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'] as const;
/** Planning and closing look at many obligations and tallies at once. */
const caseWorkAtOnce = [...caseWork, 'BatchGetItem'] as const;

/** What was registered is the operator's: endpoints, partners and published keys are believed. A partner's edges have a shard in their key. */
const inventory = ['consent#*', 'credential#*', 'grant#*', 'partner#*#*'] as const;
/** A client and where its rotation stands share a partition. */
const clients = ['client#*'] as const;
/** What was announced is forgotten; nothing else of a case is. */
const outbox = { DeleteItem: ['outbox#*'] } as const;

/** Who may do what: the whole of it. No function has more. */
export const permissions = {
  'take-signal': {
    tables: {
      // Query: whose consent it is that a source of some partners withdraws
      registry: ['BatchGetItem', 'ConditionCheckItem', 'GetItem', 'PutItem', 'Query'],
      fences: ['ConditionCheckItem', 'GetItem', 'PutItem'],
      cases: ['DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'],
    },
    confined: {
      registry: { PutItem: [...inventory, 'customer#*', 'pseudonym#*'] },
      cases: outbox,
    },
    due: [],
    appends: true,
    keys: { fingerprintKey: ['GetSecretValue'] },
    readsAuthoritySecrets: false,
    sendsTo: ['plans', 'rejected'],
    retriesSoon: ['signals'],
    announces: true,
  },
  'plan-case': {
    tables: {
      registry: ['BatchGetItem', 'PutItem', 'Query', 'UpdateItem'],
      fences: ['GetItem'],
      cases: caseWorkAtOnce,
    },
    confined: { registry: { PutItem: inventory, UpdateItem: inventory } },
    due: [],
    appends: true,
    keys: {},
    readsAuthoritySecrets: false,
    sendsTo: ['plans', 'obligations'],
    announces: true,
  },
  'work-obligations': {
    tables: { registry: ['BatchGetItem', 'GetItem', 'Query', 'UpdateItem'], cases: caseWorkAtOnce },
    confined: { registry: { UpdateItem: [...inventory, ...clients] } },
    due: [],
    appends: true,
    keys: { handleKey: ['GetSecretValue'], fingerprintKey: ['GetSecretValue'] },
    readsAuthoritySecrets: true,
    clientSecrets: 'retire',
    sendsTo: ['obligations'],
    announces: true,
  },
  'expire-credentials': {
    tables: {
      registry: ['GetItem', 'UpdateItem'],
      fences: ['GetItem', 'PutItem'],
      cases: ['DeleteItem', 'PutItem', 'UpdateItem'],
    },
    confined: { registry: { UpdateItem: inventory }, cases: outbox },
    due: ['registry'],
    appends: true,
    keys: {},
    readsAuthoritySecrets: false,
    sendsTo: ['plans', 'obligations'],
    announces: true,
  },
  operate: {
    tables: {
      registry: ['BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query'],
      fences: ['ConditionCheckItem', 'GetItem', 'PutItem', 'UpdateItem'],
      cases: ['ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
    },
    due: [],
    appends: true,
    keys: {},
    readsAuthoritySecrets: false,
    sendsTo: ['plans'],
    announces: true,
  },
  'rotate-due': {
    tables: {
      registry: ['ConditionCheckItem', 'GetItem', 'PutItem', 'UpdateItem'],
      fences: ['ConditionCheckItem', 'GetItem'],
      cases: ['DeleteItem', 'PutItem', 'UpdateItem'],
    },
    confined: {
      registry: { PutItem: [...inventory, ...clients], UpdateItem: [...inventory, ...clients] },
      cases: outbox,
    },
    due: ['registry'],
    appends: true,
    keys: {},
    readsAuthoritySecrets: false,
    clientSecrets: 'order',
    sendsTo: ['obligations'],
    announces: true,
  },
  'rotate-secret': {
    tables: {
      registry: ['ConditionCheckItem', 'GetItem', 'PutItem'],
      fences: ['ConditionCheckItem', 'GetItem'],
      cases: ['DeleteItem', 'PutItem'],
    },
    confined: { registry: { PutItem: [...inventory, ...clients] }, cases: outbox },
    due: [],
    appends: true,
    keys: {},
    readsAuthoritySecrets: false,
    clientSecrets: 'rotate',
    sendsTo: [],
    announces: true,
  },
  'chase-obligations': {
    // how authorities have been answering
    tables: { cases: ['BatchGetItem'] },
    confined: { cases: { BatchGetItem: ['turn#*'] } },
    due: ['cases'],
    appends: false,
    keys: {},
    readsAuthoritySecrets: false,
    sendsTo: ['plans', 'obligations'],
    announces: false,
  },
  'measure-debts': {
    tables: { registry: ['BatchGetItem'], cases: ['BatchGetItem', 'Query'] },
    due: ['cases'],
    appends: false,
    readsLedger: true,
    keys: {},
    readsAuthoritySecrets: false,
    sendsTo: [],
    announces: false,
  },
  'seal-ledger': {
    tables: {},
    due: [],
    appends: false,
    seals: true,
    keys: {},
    readsAuthoritySecrets: false,
    sendsTo: [],
    announces: false,
  },
  'send-events': {
    tables: { cases: ['DeleteItem', 'Query'] },
    confined: { cases: outbox },
    due: [],
    appends: false,
    keys: {},
    readsAuthoritySecrets: false,
    sendsTo: [],
    announces: true,
  },
  'return-exhausted': {
    tables: {},
    due: [],
    appends: false,
    keys: {},
    readsAuthoritySecrets: false,
    sendsTo: ['signals'],
    takesFrom: ['exhausted'],
    announces: false,
  },
  'keep-keys': {
    tables: { registry: ['GetItem', 'PutItem'] },
    confined: { registry: { PutItem: ['keys'] } },
    due: [],
    appends: true,
    keys: {
      handleKey: ['GetSecretValue', 'PutSecretValue'],
      fingerprintKey: ['GetSecretValue', 'PutSecretValue'],
    },
    readsAuthoritySecrets: false,
    sendsTo: [],
    announces: false,
  },
} as const satisfies Record<FunctionName, Permissions>;
