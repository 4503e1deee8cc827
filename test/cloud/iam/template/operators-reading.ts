import { readPolicy, type Statement } from '../language/policy.ts';

/**
 * What an operator of the local world has beside the policy that the stack makes: to read the tables and queues, "with the
 * caller's own rights". On AWS whoever runs the account gives it.
 */
export const readingOfOperators: readonly Statement[] = readPolicy(
  {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action: [
        'dynamodb:BatchGetItem',
        'dynamodb:GetItem',
        'dynamodb:Query',
        'dynamodb:Scan',
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:GetPublicKey',
        'sqs:GetQueueAttributes',
        // of the queues that people read: what the others hold, their policies give to functions alone
        'sqs:ReceiveMessage',
      ],
      Resource: '*',
    },
  },
  'identity',
  'OperatorsReading',
);
