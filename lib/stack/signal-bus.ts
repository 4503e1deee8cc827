import { Duration, Fn, Stack } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type CfnEventBus, EventBus, Match, Rule } from 'aws-cdk-lib/aws-events';
import { type IGrantable, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Callers } from './callers.ts';
import { admitOtherAccounts, denyOthers, onlyFrom, speakerOf } from './sender-policy.ts';
import type { SenderSetting } from './settings/senders.ts';
import type { WorkQueue } from './compute/work-queue.ts';

/** The `source` of our own events. */
const ownSource = 'rescind';

export interface SignalBusProps {
  readonly senders: readonly SenderSetting[];
  /** Takes every event that is not our own. */
  readonly signals: WorkQueue;
  /** Takes an event that did not reach the signals queue within a day. */
  readonly exhausted: WorkQueue;
}

/**
 * The bus on which facts arrive and outcomes leave.
 * The rule looks at the source alone: events of unknown senders and kinds arrive too, and are recorded as refused;
 * our own are never fed back. The policy of the bus lets nobody speak but the senders, each with its own source, and our functions.
 */
export class SignalBus extends Construct {
  readonly busName: string;
  readonly ruleName: string;
  readonly #bus: EventBus;
  readonly #own = new Callers();

  constructor(scope: Construct, id: string, props: SignalBusProps) {
    super(scope, id);
    this.#bus = new EventBus(this, 'Bus', { description: 'Signals into Rescind and its events out' });
    this.busName = this.#bus.eventBusName;
    const rule = new Rule(this, 'Signals', {
      description: 'Everything but our own events becomes a signal',
      eventBus: this.#bus,
      eventPattern: { source: Match.anythingBut(ownSource) },
    });
    // `Ref` of a rule on a bus of ours has the name of the bus before it: arn:<partition>:events:...:rule/<bus>/<rule>
    this.ruleName = Fn.select(2, Fn.split('/', rule.ruleArn));
    const { signals, exhausted } = props;
    rule.addTarget({
      // the CDK's own target lets EventBridge use the key for whatever asks for it, by wildcards
      bind: () => ({
        arn: signals.queue.queueArn,
        // the most that EventBridge offers
        retryPolicy: { maximumEventAgeInSeconds: Duration.hours(24).toSeconds(), maximumRetryAttempts: 185 },
        deadLetterConfig: { arn: exhausted.queue.queueArn },
      }),
    });
    for (const queue of [signals, exhausted]) queue.admitRule(rule);
    this.#writePolicy(props.senders);
  }

  /**
   * Retries, failures for good, and dead letters that were refused, together: whatever did not arrive at once.
   * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
   */
  get undelivered(): MathExpression {
    const names = ['RetryInvocationAttempts', 'FailedInvocations', 'InvocationsFailedToBeSentToDlq'];
    const dimensionsMap = { EventBusName: this.busName, RuleName: this.ruleName };
    const period = Duration.minutes(5);
    const metrics = names.map(
      (metricName) =>
        new Metric({ namespace: 'AWS/Events', metricName, dimensionsMap, statistic: Stats.SUM, period }),
    );
    return new MathExpression({
      expression: `MAX([${metrics.map((_, index) => `FILL(m${index}, 0)`).join(', ')}])`,
      usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric])),
      period,
      label: 'announcements that were not delivered at once',
    });
  }

  /** Lets the grantee send events of ours, in nobody else's name. */
  grantPutEvents(grantee: IGrantable): void {
    this.#own.add(grantee);
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['events:PutEvents'],
        resources: [this.#bus.eventBusArn],
        conditions: onlyFrom([ownSource]),
      }),
    );
  }

  /**
   * The whole policy as a property of the bus: CloudFormation writes it in one call, when the bus is made and at each change. Statements
   * that are resources of their own (`AWS::Events::EventBusPolicy`) are written side by side; of two such writes the last one is kept, and
   * both are answered with 200: https://github.com/hashicorp/terraform-provider-aws/issues/4031
   */
  #writePolicy(senders: readonly SenderSetting[]): void {
    const bus = this.#bus.node.defaultChild as CfnEventBus;
    // spelled out: a resource cannot refer to itself
    const arn = Stack.of(this).formatArn({
      service: 'events',
      resource: 'event-bus',
      resourceName: bus.name,
    });
    const speakers = senders.map((sender) => speakerOf(this, sender));
    const own = { source: ownSource, principals: () => this.#own.roleArns() };
    bus.policy = new PolicyDocument({
      statements: [...admitOtherAccounts(this, arn, senders), ...denyOthers(arn, [...speakers, own])],
    });
  }
}
