/** Permissions that a handler names and our template does not make it ask. */
export interface NotAsked {
  readonly type: string;
  readonly actions: RegExp;
  /** Properties that would make it ask; the template has none of them. @default it never asks, for the reason given */
  readonly without?: readonly string[];
  /** Properties without which it would ask; every resource has them. */
  readonly with?: readonly string[];
  readonly because: string;
}

const option = 'it is for properties that no resource of ours has';

export const notAsked: readonly NotAsked[] = [
  {
    type: 'AWS::DynamoDB::Table',
    actions: /^(dynamodb:(DescribeImport|ImportTable)|s3:\w+|logs:\w+)$/,
    without: ['ImportSourceSpecification'],
    because: option,
  },
  {
    type: 'AWS::DynamoDB::Table',
    actions: /^(dynamodb:(En|Dis)ableKinesisStreamingDestination|dynamodb:UpdateKinesis\w+|kinesis:\w+)$/,
    without: ['KinesisStreamSpecification'],
    because: option,
  },
  {
    type: 'AWS::DynamoDB::Table',
    actions: /^(dynamodb:UpdateContributorInsights|iam:CreateServiceLinkedRole)$/,
    without: ['ContributorInsightsSpecification', 'KinesisStreamSpecification'],
    because: option,
  },
  {
    type: 'AWS::DynamoDB::Table',
    actions: /^dynamodb:UpdateTimeToLive$/,
    without: ['TimeToLiveSpecification'],
    because: 'no item of ours expires by itself',
  },
  {
    type: 'AWS::DynamoDB::Table',
    actions: /^dynamodb:(Put|Delete)ResourcePolicy$/,
    without: ['ResourcePolicy'],
    because: option,
  },
  {
    type: 'AWS::DynamoDB::Table',
    actions:
      /^dynamodb:((Create|Associate)TableReplica|Scan|Query|(Get|Put|Update|Delete)Item|BatchWriteItem)$/,
    because: 'it is for replicas, which a table of this type has none of; a deploy touches no item',
  },
  {
    type: 'AWS::Events::EventBus',
    actions: /^kms:/,
    without: ['KmsKeyIdentifier', 'DeadLetterConfig'],
    because: option,
  },
  {
    type: 'AWS::Events::Rule',
    actions: /^iam:PassRole$/,
    without: ['RoleArn', 'Targets.RoleArn'],
    because: option,
  },
  {
    type: 'AWS::IAM::ManagedPolicy',
    actions: /^iam:(At|De)tach(Group|Role|User)Policy$/,
    without: ['Groups', 'Roles', 'Users'],
    because: 'operators are given the policy by hand, and have to be rid of it before the stack can go',
  },
  {
    type: 'AWS::IAM::Policy',
    actions: /^iam:\w+(Group|User)Policy$/,
    without: ['Groups', 'Users'],
    because: option,
  },
  {
    type: 'AWS::IAM::Role',
    actions: /^iam:(At|De)tachRolePolicy$/,
    without: ['ManagedPolicyArns'],
    because: option,
  },
  {
    type: 'AWS::IAM::Role',
    actions: /^iam:\w+RolePermissionsBoundary$/,
    without: ['PermissionsBoundary'],
    because: option,
  },
  { type: 'AWS::KMS::Key', actions: /^kms:(En|Dis)ableKey$/, without: ['Enabled'], because: option },
  {
    type: 'AWS::Lambda::EventSourceMapping',
    actions: /^kms:/,
    without: ['KmsKeyArn'],
    because: option,
  },
  {
    type: 'AWS::Lambda::Function',
    actions: /^ec2:/,
    without: ['VpcConfig'],
    because: option,
  },
  {
    type: 'AWS::Lambda::Function',
    actions: /^(elasticfilesystem|s3files):/,
    without: ['FileSystemConfigs'],
    because: option,
  },
  { type: 'AWS::Lambda::Function', actions: /^kms:/, without: ['KmsKeyArn'], because: option },
  {
    type: 'AWS::Lambda::Function',
    actions: /^s3:GetObjectVersion$/,
    without: ['Code.S3ObjectVersion'],
    because: option,
  },
  {
    type: 'AWS::Lambda::Function',
    actions: /^lambda:(Put|Delete)FunctionConcurrency$/,
    without: ['ReservedConcurrentExecutions'],
    because: option,
  },
  {
    type: 'AWS::Lambda::Function',
    actions: /^lambda:(GetCodeSigningConfig|(Put|Delete)FunctionCodeSigningConfig)$/,
    without: ['CodeSigningConfigArn'],
    because: option,
  },
  {
    type: 'AWS::Lambda::Function',
    actions: /^lambda:GetLayerVersion$/,
    without: ['Layers'],
    because: option,
  },
  {
    type: 'AWS::Lambda::Function',
    actions: /^lambda:PutRuntimeManagementConfig$/,
    without: ['RuntimeManagementConfig'],
    because: option,
  },
  {
    type: 'AWS::Lambda::Function',
    actions: /^lambda:PutFunctionRecursionConfig$/,
    without: ['RecursiveLoop'],
    because: option,
  },
  {
    type: 'AWS::Lambda::Function',
    actions: /^lambda:(PutFunctionScalingConfig|PassCapacityProvider|PublishVersion)$/,
    without: ['FunctionScalingConfig', 'CapacityProviderConfig', 'PublishToLatestPublished'],
    because: option,
  },
  {
    type: 'AWS::Lambda::Function',
    // https://docs.aws.amazon.com/lambda/latest/dg/cmr-aliases.html
    actions: /^lambda:AssociateRuntimeAlias$/,
    without: ['RuntimeConfig'],
    because: option,
  },
  {
    type: 'AWS::Logs::LogGroup',
    actions:
      /^(logs:(Put|Delete)DataProtectionPolicy|logs:CreateLogDelivery|s3:REST\.PUT\.OBJECT|firehose:\w+)$/,
    without: ['DataProtectionPolicy'],
    because: option,
  },
  {
    type: 'AWS::Logs::LogGroup',
    actions: /^logs:(Put|Delete)ResourcePolicy$/,
    without: ['ResourcePolicyDocument'],
    because: option,
  },
  {
    type: 'AWS::Logs::LogGroup',
    actions: /^logs:(Put|Delete)IndexPolicy$/,
    without: ['FieldIndexPolicies'],
    because: option,
  },
  {
    type: 'AWS::Logs::LogGroup',
    actions: /^logs:(PutBearerTokenAuthentication|PutLogGroupDeletionProtection)$/,
    without: ['BearerTokenAuthenticationEnabled', 'DeletionProtectionEnabled'],
    because: option,
  },
  {
    type: 'AWS::Logs::LogGroup',
    actions: /^logs:DeleteRetentionPolicy$/,
    with: ['RetentionInDays'],
    because: 'every log group says how long it keeps what is in it',
  },
  {
    type: 'AWS::SNS::Subscription',
    actions: /^iam:/,
    without: ['SubscriptionRoleArn'],
    because: option,
  },
  {
    type: 'AWS::SNS::Topic',
    actions: /^(iam:\w+|sns:PutDataProtectionPolicy)$/,
    without: ['DataProtectionPolicy', 'DeliveryStatusLogging'],
    because: option,
  },
  {
    type: 'AWS::SecretsManager::Secret',
    actions: /^secretsmanager:GetRandomPassword$/,
    without: ['GenerateSecretString'],
    because: 'a deploy makes no secret',
  },
  {
    type: 'AWS::SecretsManager::Secret',
    actions: /^secretsmanager:(ReplicateSecretToRegions|RemoveRegionsFromReplication)$/,
    without: ['ReplicaRegions'],
    because: option,
  },
  {
    type: 'AWS::SecretsManager::Secret',
    actions: /^secretsmanager:GetSecretValue$/,
    without: ['SecretString', 'GenerateSecretString'],
    because: 'the secret has no value of a template to be compared, and its own policy keeps everybody out',
  },
];
