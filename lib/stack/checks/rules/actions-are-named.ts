import type { Rule } from '../rule.ts';
import { allowsOf } from '../statements.ts';

export const actionsAreNamed: Rule = {
  name: 'actions-are-named',
  promise:
    'Nobody is allowed an action that is not written out: in no policy of an identity, resource, role or key',
  remedy: 'Name each action; only a Deny may use wildcards',
  find: (resources) =>
    allowsOf(resources).flatMap(({ resource, at, actions, byExclusion }) => [
      ...(byExclusion
        ? [{ resource, at: `${at}.NotAction`, got: 'NotAction, which allows all the rest' }]
        : []),
      ...actions
        .filter((action) => !isNamed(action))
        .map((action) => ({ resource, at: `${at}.Action`, got: `the action ${JSON.stringify(action)}` })),
    ]),
};

/** What only CloudFormation can tell is not named here. */
function isNamed(action: unknown): boolean {
  return typeof action === 'string' && !/[*?]/.test(action);
}
