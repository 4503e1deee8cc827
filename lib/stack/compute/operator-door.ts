import { FunctionUrl, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { WorkerFunction } from './worker-function.ts';

export interface OperatorDoorProps {
  readonly worker: WorkerFunction<'operate'>;
}

/**
 * The URL that operators send orders to. IAM authenticates them: whoever may call needs `lambda:InvokeFunctionUrl` and
 * `lambda:InvokeFunction` on the function, and no resource policy lets anybody else in.
 */
export class OperatorDoor extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, props: OperatorDoorProps) {
    super(scope, id);
    const { url } = new FunctionUrl(this, 'Url', {
      function: props.worker.function,
      authType: FunctionUrlAuthType.AWS_IAM,
    });
    this.url = url;
  }
}
