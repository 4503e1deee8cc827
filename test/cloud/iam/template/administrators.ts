import { readPolicy, type Statement } from '../language/policy.ts';

/**
 * What AWS's `AdministratorAccess` allows: everything, which no Deny of a resource's policy cares about.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html
 */
export const administratorAccess: readonly Statement[] = readPolicy(
  { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
  'identity',
  'AdministratorAccess',
);
