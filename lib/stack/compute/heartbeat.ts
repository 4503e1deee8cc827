import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { FunctionName } from '../../wire/environment.ts';
import type { WorkQueue } from './work-queue.ts';
import type { WorkerFunction } from './worker-function.ts';

/** The shortest that EventBridge Scheduler and Lambda offer. */
const tickSecondsMax = 60;

/** Before a tick is given up; the next one does the same work, since a tick carries none. */
const deliveriesMax = 2;

export interface HeartbeatProps {
  readonly worker: WorkerFunction<FunctionName>;
  readonly every: Duration;
  /** Takes a tick that never reached the function: somebody took a permission away. */
  readonly exhausted: WorkQueue;
}

/** Runs one function again and again; a tick that is too late is dropped, never piled up. */
export class Heartbeat extends Construct {
  readonly worker: WorkerFunction<FunctionName>;
  readonly every: Duration;
  readonly scheduleName: string;

  constructor(scope: Construct, id: string, props: HeartbeatProps) {
    super(scope, id);
    const { worker, every, exhausted } = props;
    this.worker = worker;
    this.every = every;
    const role = this.#role();
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [worker.function.functionArn],
      }),
    );
    exhausted.grantSend(role);
    const { scheduleName } = new Schedule(this, 'Schedule', {
      schedule: ScheduleExpression.rate(every),
      timeWindow: TimeWindow.off(),
      target: {
        bind: () => ({
          arn: worker.function.functionArn,
          role,
          retryPolicy: { maximumEventAgeInSeconds: tickSecondsMax, maximumRetryAttempts: deliveriesMax },
          deadLetterConfig: { arn: exhausted.queue.queueArn },
        }),
      },
    });
    this.scheduleName = scheduleName;
    // the schedule only hands the tick to Lambda; Lambda's own retries start after that
    worker.function.configureAsyncInvoke({
      maxEventAge: Duration.seconds(tickSecondsMax),
      retryAttempts: 0,
      // by hand: the CDK's own destination would grant the function more than to send
      onFailure: { bind: () => ({ destination: worker.failed.queue.queueArn }) },
    });
  }

  // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
  #role(): Role {
    const { partition, region, account } = Stack.of(this);
    return new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': account,
            'aws:SourceArn': `arn:${partition}:scheduler:${region}:${account}:schedule-group/default`,
          },
        },
      }),
    });
  }
}
