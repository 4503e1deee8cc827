import { type Authorization, contextOf } from '../language/authorization.ts';
import { accountOf } from '../language/match.ts';
import { type Principal, roleSession } from '../language/principal.ts';

/** What a service does by itself or by a role that it was given: it too has to be allowed. */
export interface Act {
  readonly principal: Principal;
  readonly authorization: Authorization;
}

/**
 * EventBridge sends what a rule matches, and what it gave up, to a queue: the queue's policy has to let it, for this rule.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sqs-permissions
 */
export function sendByRule(ruleArn: string, queueArn: string): Act {
  return {
    principal: { kind: 'service', name: 'events.amazonaws.com' },
    authorization: { action: 'sqs:SendMessage', resource: queueArn, context: onBehalfOf(ruleArn) },
  };
}

/**
 * Scheduler assumes the role of a schedule, for the group that it is in ("The ARN you specify must be a schedule group"), ...
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
export function assumeBySchedule(roleArn: string, groupArn: string): Act {
  return assume('scheduler.amazonaws.com', roleArn, onBehalfOf(groupArn));
}

/**
 * ... and by it invokes the target, or sends what it gave up to the dead letters.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role
 */
export function invokeBySchedule(roleArn: string, functionArn: string): Act {
  return byRole(roleArn, 'scheduler', 'lambda:InvokeFunction', functionArn);
}

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html */
export function buryBySchedule(roleArn: string, queueArn: string): Act {
  return byRole(roleArn, 'scheduler', 'sqs:SendMessage', queueArn);
}

/**
 * Lambda drains a queue by the role of the function that gets the messages.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
 */
export function drainByMapping(roleArn: string, queueArn: string): readonly Act[] {
  return ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'].map((action) =>
    byRole(roleArn, 'lambda', action, queueArn),
  );
}

/**
 * Secrets Manager invokes a rotation function, for the secret that it rotates: the function's policy has to let it.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
 */
export function invokeByRotation(functionArn: string, secretArn: string): Act {
  return {
    principal: { kind: 'service', name: 'secretsmanager.amazonaws.com' },
    authorization: { action: 'lambda:InvokeFunction', resource: functionArn, context: onBehalfOf(secretArn) },
  };
}

/**
 * Lambda assumes the role of a function, and by it writes its log and its trace.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
 */
export function runFunction(
  { roleArn, name }: { readonly roleArn: string; readonly name: string },
  /** As CloudFormation gives it, with `:*` at its end. */
  logGroupArn: string,
): readonly Act[] {
  const stream = `${logGroupArn.replace(/:\*$/, '')}:log-stream:${name}`;
  return [
    assume('lambda.amazonaws.com', roleArn, new Map()),
    byRole(roleArn, name, 'logs:CreateLogStream', stream),
    byRole(roleArn, name, 'logs:PutLogEvents', stream),
    // no resource types: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
    byRole(roleArn, name, 'xray:PutTraceSegments', '*'),
    byRole(roleArn, name, 'xray:PutTelemetryRecords', '*'),
  ];
}

function assume(service: string, roleArn: string, context: Authorization['context']): Act {
  return {
    principal: { kind: 'service', name: service },
    authorization: { action: 'sts:AssumeRole', resource: roleArn, context },
  };
}

function byRole(roleArn: string, sessionName: string, action: string, resource: string): Act {
  return {
    principal: roleSession(roleArn, sessionName),
    authorization: { action, resource, context: new Map() },
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcearn */
function onBehalfOf(sourceArn: string): Authorization['context'] {
  return contextOf({ 'aws:SourceArn': sourceArn, 'aws:SourceAccount': accountOf(sourceArn) });
}
