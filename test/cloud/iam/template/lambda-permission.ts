import * as z from 'zod';
import { functionNameOf } from '../../cloudformation/function-name.ts';
import { readBy } from '../language/policy-error.ts';

/** The properties that become conditions; PrincipalOrgID and EventSourceToken are not known. */
const permission = z.strictObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceAccount: z.string().optional(),
  SourceArn: z.string().optional(),
  FunctionUrlAuthType: z.string().optional(),
  InvokedViaFunctionUrl: z.union([z.boolean(), z.string()]).optional(),
});

/**
 * What a permission of Lambda says, as the policy that Lambda makes of it for the function.
 * https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
 */
export function permissionPolicy(
  properties: unknown,
  owner: string,
  functionArnOf: (name: string) => string,
): { readonly functionArn: string; readonly document: object } {
  const data = readBy(permission, properties, { where: owner, file: 'template/lambda-permission.ts' });
  const functionArn = functionArnOf(functionNameOf(data.FunctionName));
  const document = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: /\.amazonaws\.com$/.test(data.Principal)
        ? { Service: data.Principal }
        : { AWS: data.Principal },
      Action: data.Action,
      Resource: functionArn,
      Condition: {
        ...(data.SourceArn !== undefined && { ArnLike: { 'aws:SourceArn': data.SourceArn } }),
        ...stringEquals({
          'aws:SourceAccount': data.SourceAccount,
          'lambda:FunctionUrlAuthType': data.FunctionUrlAuthType,
        }),
        ...(data.InvokedViaFunctionUrl !== undefined && {
          Bool: { 'lambda:InvokedViaFunctionUrl': data.InvokedViaFunctionUrl },
        }),
      },
    },
  };
  return { functionArn, document };
}

function stringEquals(values: Readonly<Record<string, string | undefined>>): Record<string, object> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return given.length === 0 ? {} : { StringEquals: Object.fromEntries(given) };
}
