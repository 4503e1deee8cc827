import { createRequire } from 'node:module';
import { App } from 'aws-cdk-lib';
import { checkAtSynth } from './checks/check-at-synth.ts';
import { RescindStack } from './rescind-stack.ts';
import { readSettings } from './settings/read-settings.ts';

// every recommendation of the pinned version: the CLI warns of each one that is left open. Read by require, because
// Node 20 calls the import of JSON experimental on stderr
const recommended = createRequire(import.meta.url)('aws-cdk-lib/recommended-feature-flags.json') as object;

export interface RescindAppProps {
  /** More context; what the CDK command line passes (cdk.json, `-c`) goes before it. @default none */
  readonly context?: Readonly<Record<string, unknown>>;
  /** The CDK checks the template against CloudFormation's own rules, which takes it seconds. @default true */
  readonly validated?: boolean;
  /** The packs of cdk-nag and our own rules are asked, which takes them half a second. @default true */
  readonly checked?: boolean;
}

/** The whole app: one stack, `Rescind`, for whatever account and region the caller deploys to. */
export class RescindApp extends App {
  readonly stack: RescindStack;

  constructor(props: RescindAppProps = {}) {
    super({
      analyticsReporting: false,
      builtinCloudFormationValidation: props.validated ?? true,
      context: { ...recommended, ...props.context },
    });
    const settings = readSettings(this.node.getAllContext() as Record<string, unknown>);
    this.stack = new RescindStack(this, 'Rescind', {
      settings,
      description: 'Rescind: takes API access away and proves that it is gone.',
      tags: { 'rescind:stage': settings.stage },
    });
    if (props.checked ?? true) checkAtSynth(this, this.stack);
  }
}
