import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnResource, Validations } from 'aws-cdk-lib';
import { OwnRules } from '../../../lib/stack/checks/own-rules.ts';
import type { RescindApp } from '../../../lib/stack/rescind-app.ts';
import type { RescindStack } from '../../../lib/stack/rescind-stack.ts';
import { unbundledApp } from '../unbundled.ts';

/** One finding as the report of a synth has it. */
export interface Reported {
  /** Who found it: `Rescind`, or a pack. */
  readonly by: string;
  readonly rule: string;
  /** The path of the construct, below the stack. */
  readonly on: string;
  readonly says: string;
}

export interface Synthesized {
  /** What the synth threw, which is what stops `cdk synth`. */
  readonly error: string | undefined;
  readonly reported: readonly Reported[];
}

interface Report {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations: readonly {
      readonly ruleName: string;
      readonly description: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
  }[];
}

/** Synthesizes the checked stack after it was broken, or as it is. */
export function synthesizeBroken(breakIt: (stack: RescindStack) => void = () => {}): Synthesized {
  return reportOf(unbundledApp({}, { checked: true }), breakIt);
}

function reportOf(app: RescindApp, breakIt: (stack: RescindStack) => void): Synthesized {
  breakIt(app.stack);
  const error = thrownBy(() => app.synth());
  const report = JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8')) as Report;
  const reported = report.pluginReports.flatMap(({ pluginName, violations }) =>
    violations.flatMap(({ ruleName, description, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => ({
        by: pluginName,
        rule: ruleName,
        on: constructPath.replace('Rescind/', ''),
        says: description,
      })),
    ),
  );
  return { error, reported };
}

/** What a rule of ours reports of the stack once it was broken, each as `construct: got`; empty unless that stopped the synth. */
export function stoppedBy(rule: string, breakIt: (stack: RescindStack) => void): readonly string[] {
  // the packs of cdk-nag find the same whatever rule of ours is asked: other tests ask them
  const app = unbundledApp();
  Validations.of(app).addPlugins(new OwnRules());
  const { error, reported } = reportOf(app, breakIt);
  if (error === undefined) return [];
  return reported
    .filter((one) => one.by === 'Rescind' && one.rule === rule && error.includes(one.says))
    .map(
      ({ on, says }) => `${on}: ${says.slice(says.indexOf(' has ') + ' has '.length, says.indexOf('. '))}`,
    );
}

/** The resource that a construct of the stack makes. Throws where there is none. */
export function resourceOf(stack: RescindStack, path: string): CfnResource {
  const found = path
    .split('/')
    .reduce((construct, id) => construct.node.findChild(id), stack as CfnResource['node']['scope'] & object);
  const made = CfnResource.isCfnResource(found) ? found : found.node.defaultChild;
  if (!made || !CfnResource.isCfnResource(made)) throw new Error(`${path} makes no resource`);
  return made;
}

/** Adds a resource that no construct of ours would make. */
export function add(stack: RescindStack, type: string, properties: Record<string, unknown>): CfnResource {
  return new CfnResource(stack, 'Broken', { type, properties });
}

function thrownBy(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
