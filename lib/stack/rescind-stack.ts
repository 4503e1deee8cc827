import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type * as z from 'zod';
import { signalReceivesMax, wakeUpReceivesMax } from '../domain/limits.ts';
import {
  environmentOf,
  type environment,
  type EnvironmentOf,
  type FunctionName,
} from '../wire/environment.ts';
import { AuthoritySecrets } from './data/authority-secrets.ts';
import { ClientSecrets } from './data/client-secrets.ts';
import { CustomerKey } from './data/customer-key.ts';
import { Drain } from './compute/drain.ts';
import { grantPermissions } from './grant-permissions.ts';
import { Heartbeat } from './compute/heartbeat.ts';
import { KeySecret } from './data/key-secret.ts';
import { LedgerKey } from './data/ledger-key.ts';
import { Operations } from './operations/operations.ts';
import { OperatorDoor } from './compute/operator-door.ts';
import { writeOutputs } from './outputs.ts';
import { permissions } from './permissions.ts';
import { ProtectedTable } from './data/protected-table.ts';
import { Rotation } from './compute/rotation.ts';
import { heardSenders } from './settings/senders.ts';
import type { Settings } from './settings/read-settings.ts';
import { SignalBus } from './signal-bus.ts';
import { WorkQueue } from './compute/work-queue.ts';
import { WorkerFunction } from './compute/worker-function.ts';

/** A failed tick is a message for people: it goes by itself, and with it the alarm, once no more come. */
const failuresKept = Duration.hours(1);

export interface RescindStackProps extends StackProps {
  readonly settings: Settings;
}

/** Every variable of every function as text: a forgotten one does not compile. */
type Variables = z.input<typeof environment>;

/** What exists before the first function does. */
type Early = Omit<Variables, 'RESCIND_ROTATE_FUNCTION'>;

/** All of Rescind in one account and region. No deploy rotates, revokes or makes a secret. */
export class RescindStack extends Stack {
  constructor(scope: Construct, id: string, props: RescindStackProps) {
    super(scope, id, props);
    const { settings } = props;

    const key = new CustomerKey(this, 'CustomerKey');
    const ledger = new ProtectedTable(this, 'Ledger', { key, sorted: true });
    const tables = {
      registry: new ProtectedTable(this, 'Registry', { key, sorted: true, due: true }),
      // no index: the back-pressure of one must never throttle a fence
      fences: new ProtectedTable(this, 'Fences', { key, sorted: false }),
      cases: new ProtectedTable(this, 'Cases', { key, sorted: true, due: true }),
    };
    // DynamoDB refuses to make two tables with indexes at once (`checks/rules/indexed-tables-take-turns.ts`)
    tables.cases.node.addDependency(tables.registry);

    const ledgerKey = new LedgerKey(this, 'LedgerKey', { anchorAccount: settings.anchorAccount });

    const exhausted = new WorkQueue(this, 'Exhausted', { key });
    const signals = new WorkQueue(this, 'Signals', {
      key,
      exhausted: { queue: exhausted, receivesMax: signalReceivesMax },
    });
    const queues = {
      signals,
      exhausted,
      plans: new WorkQueue(this, 'Plans', {
        key,
        exhausted: { queue: exhausted, receivesMax: wakeUpReceivesMax },
      }),
      obligations: new WorkQueue(this, 'Obligations', {
        key,
        exhausted: { queue: exhausted, receivesMax: wakeUpReceivesMax },
      }),
      rejected: new WorkQueue(this, 'Rejected', { key, isReadByPeople: true }),
    };
    const failed = new WorkQueue(this, 'Failed', {
      key,
      retention: failuresKept,
      isReadByPeople: true,
    });
    const bus = new SignalBus(this, 'SignalBus', { senders: settings.senders, signals, exhausted });

    const keys = {
      handleKey: new KeySecret(this, 'HandleKey', {
        key,
        description: 'Private keys that open credential handles; written by keep-keys',
      }),
      fingerprintKey: new KeySecret(this, 'FingerprintKey', {
        key,
        description: 'Key of the credential fingerprints; written by keep-keys',
      }),
    };

    const authoritySecrets = new AuthoritySecrets(this, 'AuthoritySecrets', { key });
    const clientSecrets = new ClientSecrets(this, 'ClientSecrets', { key });

    const early: Early = {
      RESCIND_REGISTRY_TABLE: tables.registry.tableName,
      RESCIND_FENCES_TABLE: tables.fences.tableName,
      RESCIND_CASES_TABLE: tables.cases.tableName,
      RESCIND_LEDGER_TABLE: ledger.tableName,
      RESCIND_LEDGER_KEY: ledgerKey.keyArn,
      RESCIND_LEDGER_ORIGIN: ledger.tableArn,
      RESCIND_BUS: bus.busName,
      RESCIND_PLANS_QUEUE_URL: queues.plans.queue.queueUrl,
      RESCIND_OBLIGATIONS_QUEUE_URL: queues.obligations.queue.queueUrl,
      RESCIND_REJECTED_QUEUE_URL: queues.rejected.queue.queueUrl,
      RESCIND_SIGNALS_QUEUE_URL: signals.queue.queueUrl,
      RESCIND_EXHAUSTED_QUEUE_URL: exhausted.queue.queueUrl,
      RESCIND_HANDLE_KEY_SECRET: keys.handleKey.secretArn,
      RESCIND_FINGERPRINT_KEY_SECRET: keys.fingerprintKey.secretArn,
      RESCIND_EGRESS: JSON.stringify(settings.egress),
      RESCIND_SENDERS: JSON.stringify(heardSenders(settings.senders)),
      RESCIND_STAGE: settings.stage,
      RESCIND_TARGETS: JSON.stringify(settings.targets),
    };

    const owners = { tables, ledger, ledgerKey, keys, queues, bus, authoritySecrets, clientSecrets };
    const make = <Name extends FunctionName>(
      id: string,
      name: Name,
      variables: EnvironmentOf<Name>,
    ): WorkerFunction<Name> => {
      const made = new WorkerFunction(this, id, {
        name,
        environment: variables,
        key,
        failed,
        logDays: settings.retention.logDays,
      });
      grantPermissions(made, permissions[name], owners);
      return made;
    };
    const rotator = make('RotateSecret', 'rotate-secret', environmentFor('rotate-secret', early));
    const variables: Variables = {
      ...early,
      RESCIND_ROTATE_FUNCTION: rotator.function.functionArn,
    };
    const worker = <Name extends FunctionName>(id: string, name: Name): WorkerFunction<Name> =>
      make(id, name, environmentFor(name, variables));

    const door = new OperatorDoor(this, 'OperatorDoor', { worker: worker('Operate', 'operate') });
    writeOutputs(this, {
      ...variables,
      RESCIND_OPERATE_URL: door.url,
      RESCIND_CUSTOMER_KEY: key.key.keyArn,
      RESCIND_OPERATORS_POLICY: door.operatorsPolicyArn,
    });

    const { limits } = settings;
    new Drain(this, 'SignalsDrain', {
      queue: signals,
      worker: worker('TakeSignal', 'take-signal'),
      atOnce: limits.signalsAtOnce,
    });
    new Drain(this, 'PlansDrain', {
      queue: queues.plans,
      worker: worker('PlanCase', 'plan-case'),
      atOnce: limits.plansAtOnce,
    });
    new Drain(this, 'ObligationsDrain', {
      queue: queues.obligations,
      worker: worker('WorkObligations', 'work-obligations'),
      atOnce: limits.obligationsAtOnce,
    });

    new Rotation(this, 'Rotation', { rotator, sweep: worker('RotateDue', 'rotate-due'), exhausted });

    const minute = Duration.minutes(1);
    new Heartbeat(this, 'ExpireCredentialsHeartbeat', {
      worker: worker('ExpireCredentials', 'expire-credentials'),
      every: minute,
      exhausted,
    });
    new Heartbeat(this, 'ChaseObligationsHeartbeat', {
      worker: worker('ChaseObligations', 'chase-obligations'),
      every: minute,
      exhausted,
    });
    new Heartbeat(this, 'SealLedgerHeartbeat', {
      worker: worker('SealLedger', 'seal-ledger'),
      every: minute,
      exhausted,
    });
    new Heartbeat(this, 'SendEventsHeartbeat', {
      worker: worker('SendEvents', 'send-events'),
      every: minute,
      exhausted,
    });
    new Heartbeat(this, 'ReturnExhaustedHeartbeat', {
      worker: worker('ReturnExhausted', 'return-exhausted'),
      every: minute,
      exhausted,
    });
    new Heartbeat(this, 'MeasureDebtsHeartbeat', {
      worker: worker('MeasureDebts', 'measure-debts'),
      every: minute,
      exhausted,
    });
    new Heartbeat(this, 'KeepKeysHeartbeat', {
      worker: worker('KeepKeys', 'keep-keys'),
      every: Duration.hours(1),
      exhausted,
    });

    // last: it watches every function and schedule that it finds
    const operations = new Operations(this, 'Operations', {
      key,
      bus,
      queues: { ...queues, failed },
      settings,
    });
    writeOutputs(this, { RESCIND_ALARMS_TOPIC: operations.topicArn });
  }
}

/** Exactly what one function reads; `variables` lacks only what cannot exist yet. */
function environmentFor<Name extends FunctionName>(
  name: Name,
  variables: Early & Partial<Variables>,
): EnvironmentOf<Name> {
  const names = Object.keys(environmentOf[name].shape) as (keyof Variables)[];
  const missing = names.filter((key) => variables[key] === undefined);
  if (missing.length > 0) throw new Error(`${name} needs ${missing.join(', ')} before it exists`);
  return Object.fromEntries(names.map((key) => [key, variables[key]])) as EnvironmentOf<Name>;
}
