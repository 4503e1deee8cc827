import * as z from 'zod';
import { contextOf, type Directory, type Needs } from '../../language/authorization.ts';

const onSecret = z.object({
  SecretId: z.string().min(1),
  VersionId: z.string().optional(),
  VersionStage: z.string().optional(),
  RotationLambdaARN: z.string().optional(),
});

type OnSecret = z.output<typeof onSecret>;

/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
 * `secretsmanager:VersionStage` is there only where the request names a stage, also where AWSCURRENT is what it gets
 * (https://github.com/aws/aws-cli/issues/5031).
 */
export const secretsManagerNeeds: Needs = {
  GetSecretValue: needs('GetSecretValue', ({ VersionId, VersionStage }) => ({
    'secretsmanager:VersionId': VersionId,
    'secretsmanager:VersionStage': VersionStage,
  })),
  PutSecretValue: needs('PutSecretValue'),
  DescribeSecret: needs('DescribeSecret'),
  UpdateSecretVersionStage: needs('UpdateSecretVersionStage', ({ VersionStage }) => ({
    'secretsmanager:VersionStage': VersionStage,
  })),
  RotateSecret: needs('RotateSecret', ({ RotationLambdaARN }) => ({
    'secretsmanager:RotationLambdaARN': RotationLambdaARN,
  })),
};

/**
 * The ARN that the policies are asked for. A name that no secret has gets an ARN without the six characters, which
 * `...-??????` does not name: AWS answers "access denied" then, not "not found". So it was measured
 * (https://github.com/ministackorg/ministack/pull/1737); AWS documents only that the characters are there.
 */
function secretArnOf(id: string, directory: Directory): string {
  const name = `arn:aws:secretsmanager:${directory.region}:${directory.account}:secret:${id}`;
  return directory.secret(id)?.arn ?? (id.startsWith('arn:') ? id : name);
}

function needs(
  action: string,
  keys: (request: OnSecret) => Readonly<Record<string, string | undefined>> = () => ({}),
) {
  return (input: unknown, directory: Directory) => {
    const request = onSecret.parse(input);
    return [
      {
        action: `secretsmanager:${action}`,
        resource: secretArnOf(request.SecretId, directory),
        context: contextOf({ 'secretsmanager:SecretId': request.SecretId, ...keys(request) }),
        // its refusals repeat what was sent: "on resource: my-example-secret"
        shownAs: request.SecretId,
      },
    ];
  };
}
