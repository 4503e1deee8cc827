import { readFileSync } from 'node:fs';
import type { Template } from 'aws-cdk-lib/assertions';
import { RescindApp, type RescindAppProps } from '../../lib/stack/rescind-app.ts';

const { context: ofCdkJson } = JSON.parse(
  readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'),
) as { context: Record<string, unknown> };

/** What a test of a template does not look at: bundles, copies of assets, and where in the code each resource was made. */
const leaveOut = {
  'aws:cdk:bundling-stacks': [],
  'aws:cdk:disable-asset-staging': true,
  'aws:cdk:disable-stack-trace': true,
};

/** The app with the context of cdk.json, its functions not bundled and its template unchecked: a moment instead of ten seconds. */
export function unbundledApp(
  context: Record<string, unknown> = {},
  { validated = false, checked = false }: Pick<RescindAppProps, 'validated' | 'checked'> = {},
): RescindApp {
  return new RescindApp({ context: { ...ofCdkJson, ...leaveOut, ...context }, validated, checked });
}

/** One resource as the template has it. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** The resources of one type by logical id. */
export function resourcesOf(template: Template, type: string): Readonly<Record<string, TemplateResource>> {
  return template.findResources(type) as Record<string, TemplateResource>;
}

/** The one resource of a type whose logical id starts so; ids are construct paths and a hash. */
export function resourceAt(template: Template, type: string, start: string): TemplateResource {
  const found = Object.entries(resourcesOf(template, type)).filter(([id]) => id.startsWith(start));
  if (found.length !== 1 || !found[0])
    throw new Error(`${found.length} resources of ${type} start with ${start}`);
  return found[0][1];
}

/** One statement of a policy, lists made of single values. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  /** Each as JSON, in which the logical ids can be found. */
  readonly resources: readonly string[];
  readonly conditions: Readonly<Record<string, unknown>>;
}

/** The statements of every IAM policy, by the policy's logical id. */
export function policies(template: Template): Readonly<Record<string, readonly Statement[]>> {
  return Object.fromEntries(
    Object.entries(resourcesOf(template, 'AWS::IAM::Policy')).map(([id, { Properties }]) => [
      id,
      statements(Properties['PolicyDocument']),
    ]),
  );
}

function statements(document: unknown): readonly Statement[] {
  const { Statement } = document as { Statement: readonly Record<string, unknown>[] };
  return Statement.map((statement) => ({
    effect: statement['Effect'] as 'Allow' | 'Deny',
    actions: asList(statement['Action']) as string[],
    resources: asList(statement['Resource']).map((resource) => JSON.stringify(resource)),
    conditions: (statement['Condition'] ?? {}) as Record<string, unknown>,
  }));
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
