import { createHash } from 'node:crypto';
import { resolveStack } from '../cloud/cloudformation/read-stack.ts';
import { parseTemplate } from '../cloud/cloudformation/template.ts';
import type { Patterns, Statement } from '../cloud/iam/language/policy.ts';
import { readTemplatePolicies } from '../cloud/iam/template/template-policies.ts';
import type { TemplatePolicies } from '../cloud/iam/template/policy-collection.ts';
import { place } from '../cloud/services.ts';
import { lineOf } from '../journey/not-proven.ts';
import { findStatements, type FoundStatement, type RawTemplate } from './find-statements.ts';

/** One action on one resource that is taken out of one statement. */
export interface Removal {
  /** The same in every run on the same template; no two have one. */
  readonly key: string;
  /** `<owner> allows <action> on <resource>`. */
  readonly line: string;
  readonly statement: Statement;
  readonly found: FoundStatement;
  /** Which of its actions and of its resources; absent: the whole statement goes (what it excepts cannot be taken apart). */
  readonly pair?: {
    readonly action: string;
    readonly resource: string;
    readonly actionIndex: number;
    readonly resourceIndex: number;
  };
}

/**
 * What can be taken out of the template, each once, in its order. Throws where what the local cloud enforces is not exactly what
 * stands in the template: a statement that it does not read would never be tried.
 */
export function listRemovals(template: RawTemplate): readonly Removal[] {
  const found = findStatements(template);
  const { statements } = readPolicies(template);
  const byId = new Map(statements.map((statement) => [statement.id, statement]));
  const unread = found.filter(({ id }) => !byId.has(id)).map(({ id }) => id);
  const unseen = [...byId.keys()].filter((id) => !found.some((one) => one.id === id));
  if (unread.length + unseen.length > 0)
    throw new Error(
      `The local cloud enforces ${statements.length} statements and the template has ${found.length}. Not enforced: ` +
        `${unread.join(', ') || 'none'}. Not in the template: ${unseen.join(', ') || 'none'}. Read them in ` +
        'test/cloud/iam/template/template-policies.ts, or find them in test/removals/find-statements.ts.',
    );
  return found.flatMap((one) => removalsOf(one, byId.get(one.id)));
}

/** The policies of a template with the names that the local cloud gives; no world is started for it. */
export function readPolicies(template: RawTemplate): TemplatePolicies {
  const address = 'http://127.0.0.1';
  const stack = resolveStack(
    parseTemplate({ ...template }, 'Rescind'),
    'Rescind',
    { ...place, queueUrl: (name) => `${address}/${place.account}/${name}`, functionUrl: () => address },
    () => '',
  );
  return readTemplatePolicies(stack);
}

function removalsOf(found: FoundStatement, statement: Statement | undefined): readonly Removal[] {
  if (!statement) return [];
  const { id, effect, actions, resources } = statement;
  if (actions.kind === 'all-but' || resources.kind === 'all-but') {
    const words = lineOf({ id, effect, action: worded(actions), resource: worded(resources) });
    return [{ key: id, line: words, statement, found }];
  }
  return actions.patterns.flatMap((action, actionIndex) =>
    resources.patterns.map((resource, resourceIndex) => ({
      key: `${id} ${actionIndex}/${resourceIndex}`,
      line: lineOf({ id, effect, action, resource }),
      statement,
      found,
      pair: { action, resource, actionIndex, resourceIndex },
    })),
  );
}

const worded = ({ kind, patterns }: Patterns): string =>
  `${kind === 'all-but' ? 'all but ' : ''}${patterns.join(', ')}`;

/** So many of them, chosen by a seed: the same for the same seed and template. */
export function sampleOf<One extends Pick<Removal, 'key'>>(
  removals: readonly One[],
  size: number,
  seed: string,
): readonly One[] {
  const rank = ({ key }: One) => createHash('sha256').update(`${seed}\n${key}`).digest('hex');
  return removals
    .map((one) => [rank(one), one] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .slice(0, size)
    .map(([, one]) => one);
}
