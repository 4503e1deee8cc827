import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  type IGrantable,
  type IPrincipal,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Function as LambdaFunction,
  type IFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { type ILogGroup, LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { functionTimeoutSeconds } from '../../domain/limits.ts';
import type { EnvironmentOf, FunctionName } from '../../wire/environment.ts';
import type { CustomerKey } from '../data/customer-key.ts';
import { functionCode } from './function-code.ts';
import type { WorkQueue } from './work-queue.ts';

export interface WorkerFunctionProps<Name extends FunctionName> {
  /** The file under `functions/`, without its ending. */
  readonly name: Name;
  /** All that the function reads, and nothing else. */
  readonly environment: EnvironmentOf<Name>;
  /** Encrypts the logs. */
  readonly key: CustomerKey;
  readonly logDays: RetentionDays;
  /** Takes what the function was given without anybody waiting for it, and failed at. */
  readonly failed: WorkQueue;
}

/** One function of `functions/` with a role and a log group of its own: nothing is shared, no policy is managed. */
export class WorkerFunction<Name extends FunctionName> extends Construct implements IGrantable {
  readonly function: IFunction;
  /** The file under `functions/`. */
  readonly name: Name;
  readonly logGroup: ILogGroup;
  readonly grantPrincipal: IPrincipal;
  readonly failed: WorkQueue;

  constructor(scope: Construct, id: string, props: WorkerFunctionProps<Name>) {
    super(scope, id);
    this.name = props.name;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logDays,
      encryptionKey: props.key.key,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.logGroup = logGroup;
    const role = new Role(this, 'Role', {
      description: `What ${props.name} may do`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    this.grantPrincipal = role;
    this.failed = props.failed;
    this.failed.grantSend(role);
    this.function = new LambdaFunction(this, 'Function', {
      description: `Rescind: ${props.name}`,
      code: functionCode(this, props.name),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: Duration.seconds(functionTimeoutSeconds),
      environment: { ...props.environment },
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      deadLetterQueue: this.failed.queue,
      tracing: Tracing.ACTIVE, // adds its two X-Ray actions to the role
    });
  }
}
