/** A finding of a pack that stays, and why. */
export interface Acknowledgement {
  readonly rule: string;
  /** Which of the rule's findings, where it tells them apart. @default the only one */
  readonly findings?: readonly string[];
  /** The resources that it is acknowledged on, by their path below the stack; on no other. */
  readonly on: RegExp;
  readonly reason: string;
}

const secret = 'arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:rescind';

const functions = /^\w+\/Function\/Resource$/;
const keySecrets = /^(Handle|Fingerprint)Key\/Secret$/;

const keysAreKept =
  'Credentials are sealed with this key and found by it: keep-keys makes a new one beside the old, and a schedule of Secrets Manager ' +
  'would replace it behind the back of the ledger.';

/** Every finding of a pack that is not fixed, with the reason. What no longer has to be here fails a test. */
export const acknowledged: readonly Acknowledgement[] = [
  {
    rule: 'AwsSolutions-SQS3',
    on: /^Rejected\/Queue\/Resource$/,
    reason: 'An end that people read, with an alarm: nothing receives from it until it gives up.',
  },
  {
    rule: 'Serverless-SQSRedrivePolicy',
    on: /^(Exhausted|Failed|Rejected)\/Queue\/Resource$/,
    reason:
      'Where messages end: return-exhausted empties Exhausted, people read the others, and an alarm watches each.',
  },
  { rule: 'AwsSolutions-SMG4', on: keySecrets, reason: keysAreKept },
  { rule: 'NIST.800.53.R5-SecretsManagerRotationEnabled', on: keySecrets, reason: keysAreKept },
  {
    rule: 'AwsSolutions-IAM5',
    findings: ['Resource::*'],
    on: /^(?!\w+Heartbeat\/|Rotation\/)\w+\/Role\/DefaultPolicy\/Resource$/,
    reason: 'X-Ray knows no resources: the two actions that Lambda needs to trace take no other.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    findings: [`Resource::${secret}/client/*/key-??????`],
    on: /^(RotateSecret|RotateDue|WorkObligations)\/Role\/DefaultPolicy\/Resource$/,
    reason:
      'Operators make the secrets of clients, under this name; Secrets Manager ends it with six characters of its own.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    findings: [`Resource::${secret}/client/*/registration-??????`],
    on: /^(RotateSecret|WorkObligations)\/Role\/DefaultPolicy\/Resource$/,
    reason:
      'Operators make the secrets of clients, under this name; Secrets Manager ends it with six characters of its own.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    findings: [`Resource::${secret}/authority/*`],
    on: /^WorkObligations\/Role\/DefaultPolicy\/Resource$/,
    reason: 'Operators make the secrets of authorities, under this name, after the deploy.',
  },
  {
    rule: 'Serverless-LambdaEventSourceMappingDestination',
    on: /^\w+Drain\/Mapping\/Resource$/,
    reason:
      'Lambda offers it for streams and Kafka, not for SQS: what fails goes where the queue redrives it.',
  },
  {
    rule: 'NIST.800.53.R5-DynamoDBInBackupPlan',
    on: /^(Ledger|Registry|Fences|Cases)\/Table\/Resource$/,
    reason:
      'Each table goes back to any second of 35 days, and the ledger is exported; a plan with a vault in another account belongs to ' +
      'the organization, and a row that comes back late may undo a fence.',
  },
  {
    rule: 'NIST.800.53.R5-IAMNoInlinePolicy',
    on: /^[\w/]+\/Role\/DefaultPolicy\/Resource$/,
    reason:
      'Each role has one policy of its own, which nobody can attach to another and which goes when the role goes.',
  },
  {
    rule: 'NIST.800.53.R5-LambdaConcurrency',
    on: functions,
    reason:
      'What a function takes is bounded by its queue or its schedule. A reservation is taken from all others in the account, and a deploy fails ' +
      'where too little is left: the account decides.',
  },
  {
    rule: 'NIST.800.53.R5-LambdaInsideVPC',
    on: functions,
    reason:
      'Functions call AWS and authorities on the public internet, through egress rules of their own; in a VPC revocation would also ' +
      'depend on NAT, endpoints and addresses that are left.',
  },
];
