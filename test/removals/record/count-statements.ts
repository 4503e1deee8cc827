import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * How many statements a template has, counted in its text and by nothing that reads policies: each `Effect`, and each permission of
 * Lambda, which is a statement without one.
 */
export function countStatements(assembly: string): number {
  // written anew: whatever the spaces were
  const text = JSON.stringify(JSON.parse(readFileSync(join(assembly, 'Rescind.template.json'), 'utf8')));
  const effects = text.match(/"Effect":"(Allow|Deny)"/g) ?? [];
  const permissions = text.match(/"Type":"AWS::Lambda::(LayerVersion)?Permission"/g) ?? [];
  return effects.length + permissions.length;
}
