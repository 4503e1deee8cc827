import { Lazy } from 'aws-cdk-lib';
import type { IGrantable, IRole } from 'aws-cdk-lib/aws-iam';

/** Who was granted something, by role; what is granted later counts, too. */
export class Callers {
  readonly #roleArns = new Set<string>();

  add({ grantPrincipal }: IGrantable): void {
    if (!isRole(grantPrincipal)) throw new Error('only roles are callers here: give the grant to a function');
    this.#roleArns.add(grantPrincipal.roleArn);
  }

  /** Whoever was granted something until now. */
  roleArns(): string[] {
    return [...this.#roleArns];
  }

  /**
   * Holds for everybody else in any account; services of AWS are let in or kept out by name.
   * `aws:PrincipalArn` of a session is the ARN of its role.
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
   */
  get others(): Record<string, Record<string, unknown>> {
    return {
      ArnNotEquals: { 'aws:PrincipalArn': Lazy.list({ produce: () => this.roleArns() }) },
      Bool: { 'aws:PrincipalIsAWSService': 'false' },
    };
  }
}

const isRole = (principal: object): principal is IRole => 'roleArn' in principal;
