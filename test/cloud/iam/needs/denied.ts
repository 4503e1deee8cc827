import { AwsError } from '../../service.ts';
import type { Authorization } from '../language/authorization.ts';
import type { Decision } from '../language/evaluate.ts';
import { nameOf, type Principal } from '../language/principal.ts';

export type Refusal = Extract<Decision, { readonly allowed: false }>;

/** What was refused, to whom. */
interface Refused {
  readonly principal: Principal;
  readonly authorization: Authorization;
  readonly decision: Refusal;
}

/**
 * "User: <principal> is not authorized to perform: <action> on resource: <resource> because no identity-based policy allows the <action>
 * action", or "with an explicit deny in an identity-based policy".
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function refusalMessage({ principal, authorization, decision }: Refused): string {
  const { resource, shownAs = resource } = authorization;
  // SQS alone writes its actions so: "sqs:sendmessage"
  const action = authorization.action.replace(/^sqs:.*$/, (sqs) => sqs.toLowerCase());
  const article = decision.sort === 'identity-based' ? 'an' : 'a';
  const why =
    decision.because === 'explicit-deny'
      ? `with an explicit deny in ${article} ${decision.sort} policy`
      : `because no ${decision.sort} policy allows the ${action} action`;
  const on = shownAs === '*' ? '' : ` on resource: ${shownAs}`;
  return `User: ${nameOf(principal)} is not authorized to perform: ${action}${on} ${why}`;
}

/** The error with which the service that was called answers. Throws for a service of which nobody looked up how it refuses. */
export function accessDenied(service: string, refused: Refused): AwsError {
  const refuse = services[service];
  if (!refuse)
    throw new Error(
      `Nobody said how ${service} refuses (${refusalMessage(refused)}). Look it up and add it to test/cloud/iam/needs/denied.ts.`,
    );
  return refuse(refused);
}

const coral = 'com.amazon.coral.service#AccessDeniedException';

/** Types and status codes as services were seen to answer. The message is `Message` on the wire at most of them. */
const services: Readonly<Record<string, (refused: Refused) => AwsError>> = {
  // "com.amazon.coral.service#AccessDeniedException"; of the key: https://github.com/aws/aws-cdk/issues/10010
  dynamodb: (refused) =>
    refused.authorization.via === 'dynamodb'
      ? plain(coral, `KMS key access denied error: ${refusalMessage(refused)}`)
      : plain(coral, refusalMessage(refused)),
  events: (refused) => plain('AccessDeniedException', refusalMessage(refused)),
  kms: (refused) => plain('AccessDeniedException', refusalMessage(refused)),
  // https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html: status 403
  lambda: (refused) => plain('AccessDeniedException', refusalMessage(refused), 403),
  // "Access to KMS is not allowed": https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html
  secretsmanager: (refused) =>
    plain(
      'AccessDeniedException',
      refused.authorization.action.startsWith('kms:')
        ? 'Access to KMS is not allowed'
        : refusalMessage(refused),
    ),
  // status 403, and the header `x-amzn-query-error: AccessDenied;Sender` from which the SDK takes the name of its error; the
  // gateway sends no such header, and the SDK takes the member `Code` as well. Of the key: SQS API Reference, "KmsAccessDenied"
  sqs: (refused) =>
    refused.authorization.via === 'sqs'
      ? plain('com.amazonaws.sqs#KmsAccessDenied', refusalMessage(refused))
      : new AwsError(coral, refusalMessage(refused), {
          statusCode: 403,
          members: { Code: 'AccessDenied', Type: 'Sender' },
        }),
};

function plain(code: string, message: string, statusCode = 400): AwsError {
  return new AwsError(code, message, { statusCode });
}
