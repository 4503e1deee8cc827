import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { FunctionName } from '../../wire/environment.ts';
import { Heartbeat } from '../compute/heartbeat.ts';
import type { WorkQueue } from '../compute/work-queue.ts';
import { WorkerFunction } from '../compute/worker-function.ts';
import type { CustomerKey } from '../data/customer-key.ts';
import type { SignalBus } from '../signal-bus.ts';
import type { Settings } from '../settings/read-settings.ts';
import { AlarmsTopic } from './alarms-topic.ts';
import { OperationsDashboard } from './dashboard/dashboard.ts';
import { DebtAlarms } from './debt-alarms.ts';
import { EffectAlarm } from './effect-alarm.ts';
import { FunctionAlarms } from './function-alarms.ts';
import { HeartbeatAlarm } from './heartbeat-alarm.ts';
import { HeldAlarm } from './held-alarm.ts';
import { readLog } from './read-log.ts';

export interface OperationsProps {
  readonly key: CustomerKey;
  readonly bus: SignalBus;
  readonly queues: Readonly<
    Record<'signals' | 'plans' | 'obligations' | 'rejected' | 'exhausted' | 'failed', WorkQueue>
  >;
  readonly settings: Pick<Settings, 'stage' | 'targets' | 'alarmAddress'>;
}

/** What people watch the stack by. Functions and schedules are found in it: none is forgotten. */
export class Operations extends Construct {
  readonly topicArn: string;

  constructor(scope: Construct, id: string, props: OperationsProps) {
    super(scope, id);
    const { key, bus, queues, settings } = props;
    const { stage, targets } = settings;
    const workers = Stack.of(this).node.findAll().filter(isWorker);
    const heartbeats = Stack.of(this).node.findAll().filter(isHeartbeat);
    const topic = new AlarmsTopic(this, 'Alarms', {
      key,
      address: settings.alarmAddress,
      failed: queues.failed,
    });
    this.topicArn = topic.topic.topicArn;
    const logOf = (name: FunctionName): string => {
      const worker = workers.find((one) => one.name === name);
      if (!worker) throw new Error(`${name} has to be made before it is watched`);
      return readLog(worker);
    };

    new DebtAlarms(this, 'Debts', { topic, stage, targets, logOf });
    new EffectAlarm(this, 'Effect', {
      topic,
      signals: queues.signals,
      targets,
      stage,
      bus,
      log: logOf('take-signal'),
    });
    new HeldAlarm(this, 'Rejected', {
      topic,
      queue: queues.rejected,
      meaning: 'Announcements were refused: read why, and have their senders send them again',
    });
    new HeldAlarm(this, 'Exhausted', {
      topic,
      queue: queues.exhausted,
      meaning:
        'Messages were given up, and return-exhausted, which alone may take them, has not emptied the queue',
      look: logOf('return-exhausted'),
    });
    new HeldAlarm(this, 'Failed', {
      topic,
      queue: queues.failed,
      meaning:
        'A function failed at a tick within the last hour: the message has the error, and the next tick does the same work',
    });
    new FunctionAlarms(this, 'Functions', { topic, workers });
    // that nothing is measured is an alarm already
    for (const heartbeat of heartbeats.filter(({ worker }) => worker.name !== 'measure-debts'))
      new HeartbeatAlarm(this, `Heartbeat-${heartbeat.worker.name}`, { topic, heartbeat });
    new OperationsDashboard(this, 'Screen', { stage, targets, queues, workers });
  }
}

const isWorker = (one: unknown): one is WorkerFunction<FunctionName> => one instanceof WorkerFunction;
const isHeartbeat = (one: unknown): one is Heartbeat => one instanceof Heartbeat;
