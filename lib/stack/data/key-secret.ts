import { RemovalPolicy } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { CustomerKey } from './customer-key.ts';

/** The actions that a function may be given on a key secret. */
export type SecretAction = 'GetSecretValue' | 'PutSecretValue';

export interface KeySecretProps {
  readonly key: CustomerKey;
  readonly description: string;
}

/**
 * A place for key material that `keep-keys` writes.
 * The L1 construct, because `Secret` always generates a value: a deploy must neither make nor change one.
 */
export class KeySecret extends Construct {
  readonly secretArn: string;
  readonly #key: CustomerKey;

  constructor(scope: Construct, id: string, props: KeySecretProps) {
    super(scope, id);
    const secret = new CfnSecret(this, 'Secret', {
      description: props.description,
      kmsKeyId: props.key.key.keyArn,
    });
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.secretArn = secret.ref;
    this.#key = props.key;
  }

  grantActions(grantee: IGrantable, actions: readonly SecretAction[]): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: actions.map((action) => `secretsmanager:${action}`),
        resources: [this.secretArn],
      }),
    );
    this.#key.grantUse(grantee, actions.includes('PutSecretValue') ? 'secrets-written' : 'secrets-read');
  }
}
