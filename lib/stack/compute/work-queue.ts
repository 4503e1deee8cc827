import { Duration } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { functionTimeoutSeconds } from '../../domain/limits.ts';

/** The longest that SQS keeps a message; retention never decides, since the database owns the work. */
const retention = Duration.days(14);

/** Six times what a function may take, as AWS asks of a queue that a function drains. */
const visibility = Duration.seconds(6 * functionTimeoutSeconds);

export interface WorkQueueProps {
  /** Where a message goes that was received too often. @default none: this queue is an end */
  readonly exhausted?: {
    readonly queue: WorkQueue;
    /** Receives before that. */
    readonly receivesMax: number;
  };
}

/** A queue that takes messages over TLS only and keeps them encrypted. */
export class WorkQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: WorkQueueProps = {}) {
    super(scope, id);
    const { exhausted } = props;
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: retention,
      visibilityTimeout: visibility,
      ...(exhausted && {
        deadLetterQueue: { queue: exhausted.queue.queue, maxReceiveCount: exhausted.receivesMax },
      }),
    });
  }

  grantSend(grantee: IGrantable): void {
    this.#grant(grantee, ['sqs:SendMessage']);
  }

  /** What Lambda needs to drain the queue in the function's name. */
  grantDrain(grantee: IGrantable): void {
    this.#grant(grantee, ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage']);
  }

  /** Lets the grantee receive and delete by itself: the batch calls need no more than the single ones. */
  grantTake(grantee: IGrantable): void {
    this.#grant(grantee, ['sqs:DeleteMessage', 'sqs:ReceiveMessage']);
  }

  #grant(grantee: IGrantable, actions: string[]): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions, resources: [this.queue.queueArn] }),
    );
  }
}
