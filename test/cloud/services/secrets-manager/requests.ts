import * as z from 'zod';
import { AwsError } from '../../service.ts';

/** Secrets Manager API Reference: limits of the members, the same in every operation. */
const secretId = z.string().min(1).max(2048);
const label = z.string().min(1).max(256);
const versionId = z.string().min(32).max(64);
const value = {
  SecretString: z.string().min(1).max(65_536).optional(),
  /** Base64 of at most 65,536 bytes. */
  SecretBinary: z.base64().min(1).max(87_384).optional(),
};

/** Secrets Manager API Reference, "RotationRulesType"; `Duration` is a number of hours. */
const rotationRules = z.object({
  AutomaticallyAfterDays: z.int().min(1).max(1000).optional(),
  ScheduleExpression: z.string().min(1).max(256).optional(),
  Duration: z
    .string()
    .regex(/^([1-9]|1\d|2[0-4])h$/)
    .optional(),
});

/** The requests that are understood, by operation; other members are ignored. */
export const requests = {
  CreateSecret: z.object({
    Name: z.string().regex(/^[\w/+=.@-]{1,512}$/),
    Description: z.string().max(2048).optional(),
    ClientRequestToken: versionId.optional(),
    ...value,
  }),
  GetSecretValue: z.object({
    SecretId: secretId,
    VersionId: versionId.optional(),
    VersionStage: label.optional(),
  }),
  PutSecretValue: z.object({
    SecretId: secretId,
    ClientRequestToken: versionId.optional(),
    VersionStages: z.array(label).min(1).max(20).optional(),
    ...value,
  }),
  DescribeSecret: z.object({ SecretId: secretId }),
  ListSecretVersionIds: z.object({ SecretId: secretId, IncludeDeprecated: z.boolean().optional() }),
  UpdateSecretVersionStage: z.object({
    SecretId: secretId,
    VersionStage: label,
    RemoveFromVersionId: versionId.optional(),
    MoveToVersionId: versionId.optional(),
  }),
  DeleteSecret: z.object({
    SecretId: secretId,
    RecoveryWindowInDays: z.int().min(7).max(30).optional(),
    ForceDeleteWithoutRecovery: z.boolean().optional(),
  }),
  RestoreSecret: z.object({ SecretId: secretId }),
  RotateSecret: z.object({
    SecretId: secretId,
    ClientRequestToken: versionId.optional(),
    RotationLambdaARN: z.string().min(1).max(2048).optional(),
    RotationRules: rotationRules.optional(),
    RotateImmediately: z.boolean().default(true),
  }),
  CancelRotateSecret: z.object({ SecretId: secretId }),
};

export type Request<Name extends keyof typeof requests> = z.infer<(typeof requests)[Name]>;

/** Reads a request or answers `InvalidParameterException`; the message names the member, never its value. */
export function parseRequest<Name extends keyof typeof requests>(name: Name, input: unknown): Request<Name> {
  const parsed = requests[name].safeParse(input);
  if (parsed.success) return parsed.data as Request<Name>;
  const member = String(parsed.error.issues[0]?.path[0] ?? 'request');
  const message =
    member === 'ClientRequestToken'
      ? 'ClientRequestToken must be 32-64 characters long.'
      : `The parameter ${member} is not valid.`;
  throw new AwsError('InvalidParameterException', message);
}
