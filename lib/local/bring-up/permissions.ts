import * as z from 'zod';
import { functionNameOf } from '../cloudformation/function-name.ts';
import type { Stack } from '../cloudformation/read-stack.ts';
import type { Services } from '../services.ts';

const principal = 'secretsmanager.amazonaws.com';

/** A condition that is not checked here must not look as if it were. */
const permissionProperties = z.strictObject({
  Action: z.literal('lambda:InvokeFunction'),
  FunctionName: z.string(),
  Principal: z.literal(principal),
  SourceAccount: z.string().optional(),
  SourceArn: z
    .string()
    .regex(/^[^*?]+$/, 'The local cloud takes one ARN here, no pattern.')
    .optional(),
});

/**
 * Lets Secrets Manager invoke the functions that the template names. No other service is asked: EventBridge sends to queues
 * here, Scheduler and event source mappings act by a role, and nobody else invokes a function.
 */
export function makePermissions(
  stack: Stack,
  { permissions }: Pick<Services, 'permissions'>,
  /** Gives the ARN here of a secret by the template's ARN. */
  arnHere: (arn: string) => string,
): void {
  for (const { logicalId, properties } of stack.of('AWS::Lambda::Permission')) {
    if (properties['Principal'] !== principal) continue;
    const { FunctionName, SourceAccount, SourceArn } = permissionProperties.parse(properties);
    const name = functionNameOf(FunctionName);
    const named = stack.of('AWS::Lambda::Function').find((one) => one.name === name);
    if (!named)
      throw new Error(`${logicalId} is a permission for function ${name}, which is not in the template`);
    permissions.add({
      functionArn: named.arn,
      principal,
      ...(SourceAccount !== undefined && { sourceAccount: SourceAccount }),
      ...(SourceArn !== undefined && { sourceArn: arnHere(SourceArn) }),
    });
  }
}
