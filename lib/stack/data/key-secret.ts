import { RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, type IGrantable, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnResourcePolicy, CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { Callers } from '../callers.ts';
import type { CustomerKey } from './customer-key.ts';

/** The actions that a function may be given on a key secret. */
export type SecretAction = 'GetSecretValue' | 'PutSecretValue';

export interface KeySecretProps {
  readonly key: CustomerKey;
  readonly description: string;
}

/**
 * What sees or moves a value. `UpdateSecret` is not among them: CloudFormation calls it to change a description or the key, and a policy
 * cannot tell that from a new value. Whoever may do that can replace a key, and read none.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
 */
const valueActions = [
  'secretsmanager:GetSecretValue',
  'secretsmanager:PutSecretValue',
  'secretsmanager:RotateSecret',
  'secretsmanager:UpdateSecretVersionStage',
];

/**
 * A place for key material that `keep-keys` writes, closed to everybody but its callers, administrators of the account too: who wants in has to
 * change its policy first, which CloudTrail tells.
 * The L1 construct, because `Secret` always generates a value: a deploy must neither make nor change one.
 */
export class KeySecret extends Construct {
  readonly secretArn: string;
  readonly #key: CustomerKey;
  readonly #callers = new Callers();

  constructor(scope: Construct, id: string, props: KeySecretProps) {
    super(scope, id);
    const secret = new CfnSecret(this, 'Secret', {
      description: props.description,
      kmsKeyId: props.key.key.keyArn,
    });
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.secretArn = secret.ref;
    this.#key = props.key;
    new CfnResourcePolicy(this, 'Policy', {
      secretId: this.secretArn,
      blockPublicPolicy: true,
      resourcePolicy: new PolicyDocument({
        statements: [
          this.#deny('CallersOnly', valueActions, this.#callers.others),
          this.#deny('TlsOnly', ['secretsmanager:*'], { Bool: { 'aws:SecureTransport': 'false' } }),
        ],
      }),
    }).applyRemovalPolicy(RemovalPolicy.RETAIN);
  }

  grantActions(grantee: IGrantable, actions: readonly SecretAction[]): void {
    this.#callers.add(grantee);
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: actions.map((action) => `secretsmanager:${action}`),
        resources: [this.secretArn],
      }),
    );
    this.#key.grantUse(grantee, actions.includes('PutSecretValue') ? 'secrets-written' : 'secrets-read');
  }

  #deny(
    sid: string,
    actions: string[],
    conditions: Record<string, Record<string, unknown>>,
  ): PolicyStatement {
    return new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions,
      // of a policy of a secret: this very one
      resources: ['*'],
      conditions,
    });
  }
}
