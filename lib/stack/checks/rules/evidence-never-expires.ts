import type { Rule } from '../rule.ts';
import { ofType } from '../template.ts';

export const evidenceNeverExpires: Rule = {
  name: 'evidence-never-expires',
  promise: 'No row goes away by itself: DynamoDB deletes late, tells nobody, and is no control',
  remedy: 'Take timeToLiveAttribute away; what is due is a row that a sweep finds (`due` of ProtectedTable)',
  find: (resources) =>
    ofType(resources, 'AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable')
      .filter(([, { Properties }]) => Properties['TimeToLiveSpecification'] !== undefined)
      .map(([resource]) => ({
        resource,
        at: 'Properties.TimeToLiveSpecification',
        got: 'a table with a time to live',
      })),
};
