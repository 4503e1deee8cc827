import { Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, AnyPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { deployingRoleArn } from '../deployer/deploying-role.ts';

/** What a policy of a key says of resources: this very key. */
const resources = ['*'];

/**
 * Administrators of the account keep the key, and cannot use it. It names no action by wildcard, so that nothing is allowed because AWS
 * invents it; without `kms:PutKeyPolicy` for somebody, a key could never be changed again.
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-administrators
 */
export function administerKey(): PolicyStatement {
  return new PolicyStatement({
    sid: 'Administer',
    principals: [new AccountRootPrincipal()],
    actions: [
      'kms:CancelKeyDeletion',
      'kms:CreateAlias',
      'kms:DeleteAlias',
      'kms:DescribeKey',
      'kms:DisableKey',
      'kms:DisableKeyRotation',
      'kms:EnableKey',
      'kms:EnableKeyRotation',
      'kms:GetKeyPolicy',
      'kms:GetKeyRotationStatus',
      'kms:ListAliases',
      'kms:ListGrants',
      'kms:ListKeyPolicies',
      'kms:ListKeyRotations',
      'kms:ListResourceTags',
      'kms:PutKeyPolicy',
      'kms:RevokeGrant',
      'kms:RotateKeyOnDemand',
      'kms:ScheduleKeyDeletion',
      'kms:TagResource',
      'kms:UntagResource',
      'kms:UpdateAlias',
      'kms:UpdateKeyDescription',
    ],
    resources,
  });
}

/**
 * What CloudFormation does with a key after it made it. The key itself allows that, so that the policies of its role reach no other key:
 * of a key that is new they could ask for a tag alone, which may count only minutes later, and whoever may tag can claim any key.
 * https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html ("up to five minutes") and
 * https://docs.aws.amazon.com/kms/latest/developerguide/tag-permissions.html ("a policy that isn't restricted to particular KMS keys").
 * By a condition, since KMS refuses a policy with a role that is gone, and takes one that is made anew for a stranger.
 */
export function deployKey(scope: Construct): PolicyStatement {
  return new PolicyStatement({
    sid: 'Deploy',
    principals: [new AnyPrincipal()],
    actions: [
      'kms:DescribeKey',
      'kms:DisableKeyRotation',
      'kms:EnableKeyRotation',
      'kms:GetKeyPolicy',
      'kms:GetKeyRotationStatus',
      'kms:ListResourceTags',
      'kms:PutKeyPolicy',
      'kms:ScheduleKeyDeletion',
      'kms:TagResource',
      'kms:UntagResource',
      'kms:UpdateKeyDescription',
    ],
    resources,
    conditions: {
      StringEquals: { 'kms:CallerAccount': Stack.of(scope).account },
      ArnEquals: { 'aws:PrincipalArn': deployingRoleArn(scope) },
    },
  });
}

/**
 * Whoever the account's own policies let use the key does so through the services that keep our data, which decide by their own
 * policies, and never by itself. Who makes a table encrypted with the key needs all of these.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html#dynamodb-kms-authz
 */
export function useKeyThroughServices(scope: Construct): readonly PolicyStatement[] {
  const { account, region } = Stack.of(scope);
  const through = ['dynamodb', 'secretsmanager', 'sns', 'sqs'].map(
    (name) => `${name}.${region}.amazonaws.com`,
  );
  const StringEquals = { 'kms:CallerAccount': account, 'kms:ViaService': through };
  return [
    new PolicyStatement({
      sid: 'UseThroughServices',
      principals: [new AccountRootPrincipal()],
      actions: [
        'kms:Decrypt',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ],
      resources,
      conditions: { StringEquals },
    }),
    new PolicyStatement({
      sid: 'GrantToServices',
      principals: [new AccountRootPrincipal()],
      actions: ['kms:CreateGrant'],
      resources,
      conditions: { StringEquals, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  ];
}

/**
 * What services do in nobody's name: EventBridge sends to our queues, alarms to our topic, the topic to the queue of what failed, CloudWatch keeps our logs. Each is bound to what
 * it encrypts by the encryption context, which the services that keep it write.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html#compatibility-with-aws-services,
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services and
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function servicesUseKey(scope: Construct): readonly PolicyStatement[] {
  const { account, partition, region, stackName } = Stack.of(scope);
  // CloudFormation begins the names that it makes with that of the stack
  const ours = (service: string, kind = '') =>
    `arn:${partition}:${service}:${region}:${account}:${kind}${stackName}*`;
  const use = (sid: string, service: string, actions: string[], key: string, arn: string) =>
    new PolicyStatement({
      sid,
      principals: [new ServicePrincipal(service)],
      actions,
      resources,
      conditions: { StringLike: { [`kms:EncryptionContext:${key}`]: arn } },
    });
  const send = ['kms:Decrypt', 'kms:GenerateDataKey'];
  const logs = `logs.${region}.amazonaws.com`;
  return [
    use('RulesToQueues', 'events.amazonaws.com', send, 'aws:sqs:arn', ours('sqs')),
    use('TopicToQueue', 'sns.amazonaws.com', send, 'aws:sqs:arn', ours('sqs')),
    use('AlarmsToTopic', 'cloudwatch.amazonaws.com', send, 'aws:sns:topicArn', ours('sns')),
    use(
      'Logs',
      logs,
      [...send, 'kms:Encrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
      'aws:logs:arn',
      ours('logs', 'log-group:'),
    ),
    // encrypts nothing, so that it has no encryption context to ask for
    new PolicyStatement({
      sid: 'LogsLook',
      principals: [new ServicePrincipal(logs)],
      actions: ['kms:DescribeKey'],
      resources,
    }),
  ];
}
