import { type PolicyKind, readPolicy, type Statement } from './policy.ts';
import { type Principal, roleSession } from './principal.ts';

export const account = '111122223333';
export const region = 'eu-west-1';

export const roleArn = `arn:aws:iam::${account}:role/worker`;
export const role = roleSession(roleArn, 'run');
export const user: Principal = { kind: 'user', arn: `arn:aws:iam::${account}:user/ada` };
export const service = (name: string): Principal => ({ kind: 'service', name: `${name}.amazonaws.com` });

/** Reads statements as one policy. */
export function statementsOf(
  owner: string,
  kind: PolicyKind,
  ...statements: readonly object[]
): readonly Statement[] {
  return statements.length === 0
    ? []
    : readPolicy({ Version: '2012-10-17', Statement: statements }, kind, owner);
}
