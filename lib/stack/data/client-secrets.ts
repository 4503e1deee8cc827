import { Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { CustomerKey } from './customer-key.ts';

/**
 * What a function does with the secrets of clients: `order` has them rotated, `rotate` is what Secrets Manager calls for it,
 * `retire` takes old keys away at the authority.
 */
export type ClientSecretUse = keyof typeof uses;

// `RotateSecret` asks of its caller to be allowed to invoke the rotation function:
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
const uses = {
  order: { key: ['DescribeSecret', 'RotateSecret'], registration: [] },
  rotate: {
    key: ['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'],
    registration: ['GetSecretValue', 'PutSecretValue'],
  },
  retire: { key: ['GetSecretValue'], registration: ['GetSecretValue', 'PutSecretValue'] },
} as const satisfies Record<string, Readonly<Record<'key' | 'registration', readonly string[]>>>;

export interface ClientSecretsProps {
  /** The operator encrypts with this key, or with one whose own policy admits the functions. */
  readonly key: CustomerKey;
}

/**
 * The secrets of the clients that rotate, `rescind/client/<id>/key` and `.../registration`: the operator makes them, not the
 * stack, and no deploy rotates one.
 */
export class ClientSecrets extends Construct {
  readonly #key: CustomerKey;

  constructor(scope: Construct, id: string, props: ClientSecretsProps) {
    super(scope, id);
    this.#key = props.key;
  }

  grantUse(grantee: IGrantable, use: ClientSecretUse): void {
    const { partition, region, account } = Stack.of(this);
    const granted: readonly (readonly [string, readonly string[]])[] = Object.entries(uses[use]);
    for (const [part, actions] of granted)
      if (actions.length > 0)
        grantee.grantPrincipal.addToPrincipalPolicy(
          new PolicyStatement({
            actions: actions.map((action) => `secretsmanager:${action}`),
            // Secrets Manager ends every ARN with a hyphen and six characters
            resources: [
              `arn:${partition}:secretsmanager:${region}:${account}:secret:rescind/client/*/${part}-??????`,
            ],
          }),
        );
    if (use !== 'order') this.#key.grantUse(grantee, 'secrets-written');
  }
}
