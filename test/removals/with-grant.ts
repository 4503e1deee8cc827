import type { RawTemplate } from './find-statements.ts';

/** A template in which intake may do something more, on every queue. */
export function withGrant(template: RawTemplate, action: string): RawTemplate {
  const copy = structuredClone(template);
  const [policy] = Object.entries(copy.Resources).filter(([id]) => /^TakeSignalRoleDefaultPolicy/.test(id));
  const document = policy?.[1].Properties?.['PolicyDocument'] as { Statement: object[] } | undefined;
  if (!document) throw new Error('the template has no policy of intake');
  document.Statement.push({ Effect: 'Allow', Action: action, Resource: 'arn:aws:sqs:*:*:*' });
  return copy;
}
