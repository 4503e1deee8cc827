import { readFileSync } from 'node:fs';

/** What CloudFormation does with a resource, and its tags. */
export type Handler = 'create' | 'read' | 'update' | 'delete' | 'list' | 'tagging';

/**
 * The permissions that the handlers of each type say they need, as CloudFormation's registry had them on 2026-10-20
 * (`handlers` and `tagging` of the schemas that `aws cloudformation describe-type` answers; taken from the copy of us-east-1 in the Python
 * package cfn-lint 1.58.0). A handler asks for more than one template needs: `not-asked.ts` says what ours does not.
 */
export const handlers = JSON.parse(
  readFileSync(new URL('handlers.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Partial<Readonly<Record<Handler, readonly string[]>>>>>;
