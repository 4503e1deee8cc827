import type { Rule } from '../rule.ts';
import { ofType } from '../template.ts';

/** What a nested stack says stands in a template of its own, which no rule here reads. */
export const oneTemplate: Rule = {
  name: 'one-template',
  promise: 'Everything is in the template that is checked: there are no nested stacks',
  remedy:
    'Make its constructs part of the stack, or a stack of their own in the app, and have that checked, too',
  find: (resources) =>
    ofType(resources, 'AWS::CloudFormation::Stack', 'AWS::CloudFormation::StackSet').map(
      ([resource, { Type }]) => ({
        resource,
        at: 'Type',
        got: Type,
      }),
    ),
};
