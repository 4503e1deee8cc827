import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { Heartbeat } from './heartbeat.ts';
import type { WorkQueue } from './work-queue.ts';
import type { WorkerFunction } from './worker-function.ts';

export interface RotationProps {
  /** What Secrets Manager calls, step by step. */
  readonly rotator: WorkerFunction<'rotate-secret'>;
  /** What orders rotations that are due. */
  readonly sweep: WorkerFunction<'rotate-due'>;
  readonly exhausted: WorkQueue;
}

/** Rotation of clients' secrets: a sweep that orders what is due, and the function that Secrets Manager calls for it. */
export class Rotation extends Construct {
  constructor(scope: Construct, id: string, props: RotationProps) {
    super(scope, id);
    const { rotator, sweep, exhausted } = props;
    // https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
    new CfnPermission(this, 'SecretsManager', {
      action: 'lambda:InvokeFunction',
      functionName: rotator.function.functionArn,
      principal: new ServicePrincipal('secretsmanager.amazonaws.com').service,
      sourceAccount: Stack.of(this).account,
    });
    sweep.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [rotator.function.functionArn],
      }),
    );
    new Heartbeat(this, 'Heartbeat', { worker: sweep, every: Duration.minutes(1), exhausted });
  }
}
