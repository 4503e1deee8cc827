import { ArnFormat, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { WorkQueue } from '../compute/work-queue.ts';
import type { CustomerKey } from '../data/customer-key.ts';

export interface AlarmsTopicProps {
  readonly key: CustomerKey;
  /** Who is written to. @default nobody but whoever subscribes by hand */
  readonly address?: string | undefined;
  /** Takes what could not be delivered. */
  readonly failed: WorkQueue;
}

/**
 * Where every alarm says that it began and that it is over. Alarms of this account and region publish to it, over TLS, and nobody else:
 * a message in their name would be believed at three in the morning.
 */
export class AlarmsTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: AlarmsTopicProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', {
      displayName: 'Rescind alarms',
      masterKey: props.key.key,
      enforceSSL: true,
    });
    const { account } = Stack.of(this);
    const alarms = Stack.of(this).formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const publishing = { actions: ['sns:Publish'], resources: [this.topic.topicArn] };
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html#alarm-sns-policy
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        ...publishing,
        sid: 'Alarms',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': alarms },
        },
      }),
    );
    const deny = (sid: string, conditions: Record<string, Record<string, string>>) =>
      this.topic.addToResourcePolicy(
        new PolicyStatement({
          ...publishing,
          sid,
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          conditions,
        }),
      );
    // each holds for a request without the key, too: whoever is no service on behalf of something has none
    deny('NobodyElse', { ArnNotLike: { 'aws:SourceArn': alarms } });
    deny('NoOtherAccount', { StringNotEquals: { 'aws:SourceAccount': account } });
    if (props.address !== undefined)
      this.topic.addSubscription(
        new EmailSubscription(props.address, { deadLetterQueue: props.failed.queue }),
      );
  }
}
