import type { Rule } from '../rule.ts';
import { ofType } from '../template.ts';

/**
 * CloudFormation makes resources side by side, and of two calls of `PutPermission` that meet, EventBridge keeps the last and answers both
 * with 200 (https://github.com/hashicorp/terraform-provider-aws/issues/4031): a Deny is lost under a green stack.
 */
export const busPoliciesAreOneWrite: Rule = {
  name: 'bus-policies-are-one-write',
  promise: 'The policy of a bus is written in one call',
  remedy: 'Write the statement into the property Policy of its AWS::Events::EventBus',
  find: (resources) =>
    ofType(resources, 'AWS::Events::EventBusPolicy').map(([resource, { Type }]) => ({
      resource,
      at: 'Type',
      got: Type,
    })),
};
