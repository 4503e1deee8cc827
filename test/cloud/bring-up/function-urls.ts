import * as z from 'zod';
import type { Stack } from '../cloudformation/read-stack.ts';
import type { Services } from '../services.ts';

/** Cross-origin settings and aliases stop the start: neither is here. */
const urlProperties = z.strictObject({
  TargetFunctionArn: z.string(),
  AuthType: z.string(),
  InvokeMode: z.string().default('BUFFERED'),
});

/** Opens the URL of each function that has one. */
export function makeFunctionUrls(stack: Stack, { functionUrls }: Pick<Services, 'functionUrls'>): void {
  for (const { logicalId, name, arn, properties } of stack.of('AWS::Lambda::Url')) {
    const { AuthType, InvokeMode } = urlProperties.parse(properties);
    if (AuthType !== 'AWS_IAM')
      throw new Error(
        `${logicalId}: the local cloud knows no URL without IAM: AuthType must be AWS_IAM, not ${AuthType}`,
      );
    if (InvokeMode !== 'BUFFERED')
      throw new Error(
        `${logicalId}: the local cloud streams no answers: InvokeMode must be BUFFERED, not ${InvokeMode}`,
      );
    if (!stack.of('AWS::Lambda::Function').some((one) => one.arn === arn))
      throw new Error(`${logicalId} is the URL of function ${name}, which is not in the template`);
    functionUrls.createUrl({ functionName: name, functionArn: arn });
  }
}
