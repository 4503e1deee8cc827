import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { administerKey, deployKey, servicesUseKey, useKeyThroughServices } from './key-policy.ts';

/**
 * What AWS asks of whoever reads or writes through a service. Whoever selects the key, at a deploy, needs more.
 * "When you access an encrypted DynamoDB table, DynamoDB needs to decrypt the table key", to write as well
 * (https://github.com/aws/aws-cdk/issues/10010):
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html,
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html and
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
const uses = {
  tables: { service: 'dynamodb', actions: ['kms:Decrypt'] },
  'secrets-read': { service: 'secretsmanager', actions: ['kms:Decrypt'] },
  'secrets-written': { service: 'secretsmanager', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] },
  'messages-received': { service: 'sqs', actions: ['kms:Decrypt'] },
  'messages-sent': { service: 'sqs', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] },
} as const;

/** The one key that encrypts every table, secret, queue, topic and log group at rest; it outlives the stack, as the data do. */
export class CustomerKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'Encrypts the tables, secrets, queues, alarms and logs of Rescind at rest',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
      policy: new PolicyDocument({
        statements: [
          administerKey(),
          deployKey(this),
          ...useKeyThroughServices(this),
          ...servicesUseKey(this),
        ],
      }),
    });
  }

  /** Lets the grantee use the key through the service that the use is of, and never by itself. */
  grantUse(grantee: IGrantable, use: keyof typeof uses): void {
    const { service, actions } = uses[use];
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [...actions],
        resources: [this.key.keyArn],
        conditions: {
          StringEquals: { 'kms:ViaService': `${service}.${Stack.of(this).region}.amazonaws.com` },
        },
      }),
    );
  }
}
