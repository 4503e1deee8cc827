import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { FunctionUrl, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { WorkerFunction } from './worker-function.ts';

export interface OperatorDoorProps {
  readonly worker: WorkerFunction<'operate'>;
}

/**
 * The URL that operators send orders to. IAM authenticates them, no resource policy lets anybody else in, and a policy is made for
 * them to be given. It lets nobody invoke the function but through the URL: an event that is invoked directly can name anybody
 * as its caller.
 */
export class OperatorDoor extends Construct {
  readonly url: string;
  /** To be attached to whoever operates. */
  readonly operatorsPolicyArn: string;

  constructor(scope: Construct, id: string, props: OperatorDoorProps) {
    super(scope, id);
    const { url } = new FunctionUrl(this, 'Url', {
      function: props.worker.function,
      authType: FunctionUrlAuthType.AWS_IAM,
    });
    this.url = url;
    const { functionArn } = props.worker.function;
    const policy = new ManagedPolicy(this, 'Operators', {
      description: 'Lets an operator of Rescind give orders through its URL, and in no other way',
      statements: [
        new PolicyStatement({
          actions: ['lambda:InvokeFunctionUrl'],
          resources: [functionArn],
          conditions: { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
        }),
        // https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
        new PolicyStatement({
          actions: ['lambda:InvokeFunction'],
          resources: [functionArn],
          conditions: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
        }),
      ],
    });
    this.operatorsPolicyArn = policy.managedPolicyArn;
  }
}
