import { Lazy, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountPrincipal,
  AccountRootPrincipal,
  type IGrantable,
  PolicyDocument,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { Callers } from '../callers.ts';
import { administerKey, deployKey } from './key-policy.ts';

export interface LedgerKeyProps {
  /** May read the public half. @default nobody outside */
  readonly anchorAccount: string | undefined;
}

/**
 * The key that signs the ledger's checkpoints: whoever was granted it signs, and nobody else, administrators of the account neither. It
 * stays when the stack goes: without it old checkpoints verify, new ones do not fit.
 */
export class LedgerKey extends Construct {
  readonly keyArn: string;
  readonly #signers = new Callers();

  constructor(scope: Construct, id: string, { anchorAccount }: LedgerKeyProps) {
    super(scope, id);
    const own = new AccountRootPrincipal();
    const key = new Key(this, 'Key', {
      description: 'Signs the checkpoints of the ledger of Rescind',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
      policy: new PolicyDocument({
        statements: [
          administerKey(),
          deployKey(this),
          this.#allow('Sign', own, ['kms:Sign'], {
            ArnEquals: { 'aws:PrincipalArn': Lazy.list({ produce: () => this.#signers.roleArns() }) },
          }),
          this.#allow('PublicHalf', own, ['kms:GetPublicKey']),
          ...(anchorAccount === undefined
            ? []
            : [this.#allow('AnchorAccount', new AccountPrincipal(anchorAccount), ['kms:GetPublicKey'])]),
        ],
      }),
    });
    this.keyArn = key.keyArn;
  }

  /** Lets the grantee sign checkpoints, and read the public half. */
  grantSign(grantee: IGrantable): void {
    this.#signers.add(grantee);
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['kms:Sign'],
        resources: [this.keyArn],
        conditions: {
          StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256', 'kms:MessageType': 'DIGEST' },
        },
      }),
    );
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['kms:GetPublicKey'], resources: [this.keyArn] }),
    );
  }

  #allow(
    sid: string,
    principal: AccountPrincipal,
    actions: string[],
    conditions: Record<string, Record<string, unknown>> = {},
  ): PolicyStatement {
    // of a policy of a key: this very one
    return new PolicyStatement({ sid, principals: [principal], actions, resources: ['*'], conditions });
  }
}
