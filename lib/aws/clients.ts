import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';

/** Five tries with the SDK's jittered backoff stay well inside one invocation; after that the message comes again. */
const maxAttempts = 5;

// Region, credentials and endpoint are the SDK's own environment (AWS_REGION, AWS_ENDPOINT_URL ...).
export const dynamoDb = (): DynamoDBClient => new DynamoDBClient({ maxAttempts });
export const eventBridge = (): EventBridgeClient => new EventBridgeClient({ maxAttempts });
export const kms = (): KMSClient => new KMSClient({ maxAttempts });
export const secretsManager = (): SecretsManagerClient => new SecretsManagerClient({ maxAttempts });
export const sqs = (): SQSClient => new SQSClient({ maxAttempts });
