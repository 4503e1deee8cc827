import { referencesIn } from './intrinsics.ts';
import type { Template } from './template.ts';
import { TemplateError } from './template-error.ts';

/** Throws `TemplateError` where resources wait for each other in a circle, as CloudFormation would. */
export function refuseCircles({ Resources }: Template): void {
  const done = new Set<string>();
  const visit = (id: string, path: readonly string[]): void => {
    const resource = Resources[id];
    if (!resource || done.has(id)) return; // pseudo parameters; unknown names are refused where they are used
    if (path.includes(id))
      throw new TemplateError(id, `resources depend on each other: ${[...path, id].join(' → ')}`);
    for (const next of [...resource.DependsOn, ...referencesIn(resource.Properties, id)])
      visit(next, [...path, id]);
    done.add(id);
  };
  for (const id of Object.keys(Resources)) visit(id, []);
}
