/** What a condition may ask of a request. */
export interface ConditionKey {
  readonly type: 'string' | 'arn' | 'bool' | 'number';
  /** Whether a request may hold several values. @default one */
  readonly values?: 'several' | 'several-by-set-operator';
}

/**
 * The keys that requests hold here, and those of which AWS documents that our requests never hold them. Any other key stops the
 * start: a condition on it would be decided by nothing.
 */
const conditionKeys: Readonly<Record<string, ConditionKey>> = {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
  'aws:CalledVia': { type: 'string', values: 'several' },
  'aws:PrincipalAccount': { type: 'string' },
  'aws:PrincipalArn': { type: 'arn' },
  'aws:PrincipalIsAWSService': { type: 'bool' },
  'aws:SecureTransport': { type: 'bool' },
  'aws:SourceAccount': { type: 'string' },
  'aws:SourceArn': { type: 'arn' },
  'aws:ViaAWSService': { type: 'bool' },
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
  'dynamodb:EnclosingOperation': { type: 'string' },
  // "you must use the ForAllValues modifier when using LeadingKeys in a condition":
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
  'dynamodb:LeadingKeys': { type: 'string', values: 'several-by-set-operator' },
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
  'events:detail-type': { type: 'string', values: 'several' },
  'events:eventBusInvocation': { type: 'bool' },
  'events:source': { type: 'string', values: 'several' },
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
  'kms:CallerAccount': { type: 'string' },
  'kms:EncryptionAlgorithm': { type: 'string' },
  // of CreateGrant alone, which nobody sends here
  'kms:GrantIsForAWSResource': { type: 'bool' },
  'kms:MessageType': { type: 'string' },
  'kms:RequestAlias': { type: 'string' },
  'kms:SigningAlgorithm': { type: 'string' },
  'kms:ViaService': { type: 'string' },
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
  'lambda:FunctionUrlAuthType': { type: 'string' },
  'lambda:InvokedViaFunctionUrl': { type: 'bool' },
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
  // of DeleteSecret alone, which nobody sends here
  'secretsmanager:RecoveryWindowInDays': { type: 'number' },
  'secretsmanager:RotationLambdaARN': { type: 'arn' },
  'secretsmanager:SecretId': { type: 'string' },
  'secretsmanager:VersionId': { type: 'string' },
  'secretsmanager:VersionStage': { type: 'string' },
};

/** What follows is part of the key: `kms:EncryptionContext:SecretARN`. */
export const encryptionContext = 'kms:EncryptionContext:';

/** The facts of a key, in its documented spelling; undefined for one that is not known. */
export function conditionKeyOf(key: string): ConditionKey | undefined {
  if (key.startsWith(encryptionContext)) return { type: 'string' };
  return Object.hasOwn(conditionKeys, key) ? conditionKeys[key] : undefined;
}

/** For messages. */
export const knownConditionKeys: readonly string[] = [...Object.keys(conditionKeys), `${encryptionContext}*`];
