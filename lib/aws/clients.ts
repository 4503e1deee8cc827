import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';

/** Five attempts with the SDK's jittered backoff take much less than one invocation. After that the message is delivered again. */
const maxAttempts = 5;

// the SDK reads region, credentials and endpoint from its environment (AWS_REGION, AWS_ENDPOINT_URL ...)
export const dynamoDb = (): DynamoDBClient => new DynamoDBClient({ maxAttempts });
export const eventBridge = (): EventBridgeClient => new EventBridgeClient({ maxAttempts });
export const kms = (): KMSClient => new KMSClient({ maxAttempts });
export const secretsManager = (): SecretsManagerClient => new SecretsManagerClient({ maxAttempts });
export const sqs = (): SQSClient => new SQSClient({ maxAttempts });
