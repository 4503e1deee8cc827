import * as z from 'zod';
import { functionNameOf } from '../../../cloudformation/function-name.ts';
import { contextOf, type Directory, type Needs } from '../../language/authorization.ts';

const onFunction = z.object({ FunctionName: z.string() });

/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
 * `InvokeFunctionUrl` is no operation of an SDK but a request to a URL; it asks for two: "new function URLs will require both
 * lambda:InvokeFunctionUrl and lambda:InvokeFunction permissions" (https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html).
 */
export const lambdaNeeds: Needs = {
  Invoke: (input, directory) => [
    { action: 'lambda:InvokeFunction', resource: functionArnOf(input, directory), context: new Map() },
  ],
  InvokeFunctionUrl: (input, directory) => {
    const resource = functionArnOf(input, directory);
    return [
      {
        action: 'lambda:InvokeFunctionUrl',
        resource,
        context: contextOf({ 'lambda:FunctionUrlAuthType': 'AWS_IAM' }),
      },
      {
        action: 'lambda:InvokeFunction',
        resource,
        context: contextOf({ 'lambda:InvokedViaFunctionUrl': 'true' }),
      },
    ];
  },
};

function functionArnOf(input: unknown, { account, region }: Directory): string {
  const name = functionNameOf(onFunction.parse(input).FunctionName);
  return `arn:aws:lambda:${region}:${account}:function:${name}`;
}
