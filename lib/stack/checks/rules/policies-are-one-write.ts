import type { Finding, Rule } from '../rule.ts';
import { asList, ofType, type Resources } from '../template.ts';

/** Types that replace the whole policy of what they name, by the property that names it. */
const whole = {
  'AWS::SQS::QueuePolicy': 'Queues',
  'AWS::SNS::TopicPolicy': 'Topics',
  'AWS::SecretsManager::ResourcePolicy': 'SecretId',
} as const;

/**
 * CloudFormation makes resources side by side, and the last of two policies of one thing is the one that stands: a Deny is lost under a green
 * stack. So it is with the single statements of a bus: of two calls of `PutPermission` that meet, EventBridge keeps the last, and answers both
 * with 200 (https://github.com/hashicorp/terraform-provider-aws/issues/4031).
 */
export const policiesAreOneWrite: Rule = {
  name: 'policies-are-one-write',
  promise: 'The policy of a bus, a queue, a topic or a secret is written in one call',
  remedy:
    'Write every statement into one policy: of a bus, the property Policy of its AWS::Events::EventBus; of the others, their one policy resource',
  find: (resources) => [
    ...ofType(resources, 'AWS::Events::EventBusPolicy').map(([resource, { Type }]) => ({
      resource,
      at: 'Type',
      got: Type,
    })),
    ...Object.entries(whole).flatMap(([type, property]) => secondPolicies(resources, type, property)),
  ],
};

function secondPolicies(resources: Resources, type: string, property: string): readonly Finding[] {
  const first = new Map<string, string>();
  return ofType(resources, type).flatMap(([resource, { Properties }]) =>
    asList(Properties[property]).flatMap((named) => {
      const text = JSON.stringify(named);
      const before = first.get(text);
      if (before !== undefined)
        return [{ resource, at: `Properties.${property}`, got: `${text}, as ${before} does` }];
      first.set(text, resource);
      return [];
    }),
  );
}
