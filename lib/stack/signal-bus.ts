import { Duration } from 'aws-cdk-lib';
import { EventBus, Match, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { AccountPrincipal, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Sender } from '../wire/environment.ts';
import type { WorkQueue } from './compute/work-queue.ts';

/** The `source` of our own events. */
const ownSource = 'rescind';

export interface SignalBusProps {
  readonly senders: readonly Sender[];
  /** Takes every event that is not our own. */
  readonly signals: WorkQueue;
  /** Takes an event that did not reach the signals queue within a day. */
  readonly exhausted: WorkQueue;
}

/**
 * The bus on which facts arrive and outcomes leave.
 * The rule looks at the source alone: events of unknown senders and kinds arrive too, and are recorded as refused;
 * our own are never fed back.
 */
export class SignalBus extends Construct {
  readonly busName: string;
  readonly #bus: EventBus;

  constructor(scope: Construct, id: string, props: SignalBusProps) {
    super(scope, id);
    this.#bus = new EventBus(this, 'Bus', { description: 'Signals into Rescind and its events out' });
    this.busName = this.#bus.eventBusName;
    new Rule(this, 'Signals', {
      description: 'Everything but our own events becomes a signal',
      eventBus: this.#bus,
      eventPattern: { source: Match.anythingBut(ownSource) },
      targets: [
        new SqsQueue(props.signals.queue, {
          // the most that EventBridge offers
          maxEventAge: Duration.hours(24),
          retryAttempts: 185,
          deadLetterQueue: props.exhausted.queue,
        }),
      ],
    });
    this.#admit(props.senders);
  }

  /** Lets the grantee send events of ours, in nobody else's name. */
  grantPutEvents(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['events:PutEvents'],
        resources: [this.#bus.eventBusArn],
        conditions: onlyFrom([ownSource]),
      }),
    );
  }

  // senders in our own account need no policy on the bus; their own roles decide
  #admit(senders: readonly Sender[]): void {
    const sources = new Map<string, string[]>();
    for (const { account, source } of senders)
      if (account) sources.set(account, [...(sources.get(account) ?? []), source]);
    for (const [account, of] of sources)
      this.#bus.addToResourcePolicy(
        new PolicyStatement({
          sid: `Sender${account}`,
          principals: [new AccountPrincipal(account)],
          actions: ['events:PutEvents'],
          resources: [this.#bus.eventBusArn],
          conditions: onlyFrom(of),
        }),
      );
  }
}

// events:source may hold several values, and ForAllValues holds for a key that is absent:
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
function onlyFrom(sources: readonly string[]): Record<string, Record<string, string | string[]>> {
  return {
    'ForAllValues:StringEquals': { 'events:source': [...sources] },
    Null: { 'events:source': 'false' },
  };
}
