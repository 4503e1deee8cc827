import { RemovalPolicy } from 'aws-cdk-lib';
import { AccountPrincipal, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface LedgerKeyProps {
  /** May read the public half, and verify by it. @default nobody outside */
  readonly anchorAccount: string | undefined;
}

/** The key that signs the ledger's checkpoints. It stays when the stack goes: without it old checkpoints verify, new ones do not fit. */
export class LedgerKey extends Construct {
  readonly keyArn: string;

  constructor(scope: Construct, id: string, props: LedgerKeyProps) {
    super(scope, id);
    const key = new Key(this, 'Key', {
      description: 'Signs the checkpoints of the ledger of Rescind',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    if (props.anchorAccount !== undefined)
      key.addToResourcePolicy(
        new PolicyStatement({
          sid: 'AnchorAccount',
          principals: [new AccountPrincipal(props.anchorAccount)],
          actions: ['kms:GetPublicKey', 'kms:Verify'],
          // of a key policy: this very key
          resources: ['*'],
        }),
      );
    this.keyArn = key.keyArn;
  }

  /** Lets the grantee sign checkpoints, and read the public half. */
  grantSign(grantee: IGrantable): void {
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
}
