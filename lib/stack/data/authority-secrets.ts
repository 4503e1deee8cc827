import { Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { CustomerKey } from './customer-key.ts';

export interface AuthoritySecretsProps {
  /** The operator encrypts with this key, or with one whose own policy admits the function. */
  readonly key: CustomerKey;
}

/** The client keys of authorities: secrets named `rescind/authority/...` that the operator makes, not the stack. */
export class AuthoritySecrets extends Construct {
  readonly #key: CustomerKey;

  constructor(scope: Construct, id: string, props: AuthoritySecretsProps) {
    super(scope, id);
    this.#key = props.key;
  }

  grantRead(grantee: IGrantable): void {
    const { partition, region, account } = Stack.of(this);
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['secretsmanager:GetSecretValue'],
        resources: [`arn:${partition}:secretsmanager:${region}:${account}:secret:rescind/authority/*`],
      }),
    );
    this.#key.grantUse(grantee, 'secrets-read');
  }
}
