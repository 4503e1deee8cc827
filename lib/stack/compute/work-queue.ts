import { Duration } from 'aws-cdk-lib';
import type { IRule } from 'aws-cdk-lib/aws-events';
import {
  AnyPrincipal,
  Effect,
  type IGrantable,
  PolicyStatement,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { functionTimeoutSeconds } from '../../domain/limits.ts';
import { Callers } from '../callers.ts';
import type { CustomerKey } from '../data/customer-key.ts';

/** The longest that SQS keeps a message; retention never decides, since the database owns the work. */
const retentionMax = Duration.days(14);

/** Six times what a function may take, as AWS asks of a queue that a function drains. */
const visibility = Duration.seconds(6 * functionTimeoutSeconds);

/** A data key serves each caller for so long: each new one is a call to KMS, which costs. */
const dataKeyReuse = Duration.hours(1);

export interface WorkQueueProps {
  readonly key: CustomerKey;
  /** Where a message goes that was received too often. @default none: this queue is an end */
  readonly exhausted?: {
    readonly queue: WorkQueue;
    /** Receives before that. */
    readonly receivesMax: number;
  };
  /** People read it by their own permissions, and no function does. @default false */
  readonly isReadByPeople?: boolean;
  /** How long a message is kept. @default 14 days */
  readonly retention?: Duration;
}

/**
 * A queue that takes messages over TLS only, keeps them encrypted, and lets nobody send or receive but its callers, whatever else allows
 * them: the functions that were granted it, and EventBridge for the rules that name it.
 */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly #key: CustomerKey;
  readonly #senders = new Callers();
  readonly #receivers = new Callers();

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    const { exhausted, key, isReadByPeople = false, retention = retentionMax } = props;
    this.#key = key;
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key.key,
      dataKeyReuse,
      enforceSSL: true,
      retentionPeriod: retention,
      visibilityTimeout: visibility,
      ...(exhausted && {
        deadLetterQueue: { queue: exhausted.queue.queue, maxReceiveCount: exhausted.receivesMax },
      }),
    });
    this.#deny('SendersOnly', ['sqs:SendMessage'], this.#senders);
    if (!isReadByPeople)
      this.#deny(
        'ReceiversOnly',
        ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:PurgeQueue', 'sqs:ReceiveMessage'],
        this.#receivers,
      );
  }

  /** Lets EventBridge send what this rule matches, or what it gave up; the key of the queue lets it by itself. */
  admitRule({ ruleArn }: IRule): void {
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'RuleSends',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': ruleArn } },
      }),
    );
  }

  grantSend(grantee: IGrantable): void {
    this.#senders.add(grantee);
    this.#grant(grantee, ['sqs:SendMessage']);
    this.#key.grantUse(grantee, 'messages-sent');
  }

  /** What Lambda needs to drain the queue in the function's name. */
  grantDrain(grantee: IGrantable): void {
    this.#receive(grantee, ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage']);
  }

  /** Lets the grantee receive and delete by itself: the batch calls need no more than the single ones. */
  grantTake(grantee: IGrantable): void {
    this.#receive(grantee, ['sqs:DeleteMessage', 'sqs:ReceiveMessage']);
  }

  /** Lets the grantee say when a message is received again that it has received; the key is asked when it receives. */
  grantRetrySoon(grantee: IGrantable): void {
    this.#receivers.add(grantee);
    this.#grant(grantee, ['sqs:ChangeMessageVisibility']);
  }

  #receive(grantee: IGrantable, actions: string[]): void {
    this.#receivers.add(grantee);
    this.#grant(grantee, actions);
    this.#key.grantUse(grantee, 'messages-received');
  }

  #grant(grantee: IGrantable, actions: string[]): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions, resources: [this.queue.queueArn] }),
    );
  }

  #deny(sid: string, actions: string[], callers: Callers): void {
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions,
        resources: [this.queue.queueArn],
        conditions: callers.others,
      }),
    );
  }
}
