import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
  PolicyViolation,
} from 'aws-cdk-lib';
import { rules } from './rules.ts';
import { readResources } from './template.ts';

/** Asks our own rules of each template; nothing acknowledges what they find: exceptions stand in the rules. */
export class OwnRules implements IPolicyValidationPlugin {
  readonly name = 'Rescind';
  readonly ruleIds = rules.map(({ name }) => name);

  validate({ templatePaths }: IPolicyValidationContext): PolicyValidationPluginReport {
    const violations = templatePaths.flatMap(violationsOf);
    return { success: violations.length === 0, violations };
  }
}

function violationsOf(templatePath: string): readonly PolicyViolation[] {
  const resources = readResources(templatePath);
  return rules.flatMap((rule) =>
    rule.find(resources).map(({ resource, at, got }) => ({
      ruleName: rule.name,
      description: `${resource} has ${got}. ${rule.promise}.`,
      fix: `${rule.remedy}.`,
      // the CDK lets no acknowledgement hide what is fatal
      severity: 'fatal',
      violatingResources: [{ resourceLogicalId: resource, locations: [at], templatePath }],
    })),
  );
}
