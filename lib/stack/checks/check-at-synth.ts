import { type App, CfnResource, type Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, type NagPack, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import { acknowledged, type Acknowledgement } from './acknowledged.ts';
import { OwnRules } from './own-rules.ts';

/** The packs of cdk-nag that the stack is held against. */
export const packs = [AwsSolutionsChecks, ServerlessChecks, NIST80053R5Checks] as const;

/**
 * Lets no synth succeed with a finding of a pack that is not acknowledged, or of our own rules.
 * To be called when the stack is complete: a resource that comes later has nothing acknowledged.
 */
export function checkAtSynth(app: App, stack: Stack): void {
  for (const { id, reason, resource } of acknowledgementsIn(stack, acknowledged))
    Validations.of(resource).acknowledge({ id, reason });
  Validations.of(app).addPlugins(...packs.map((Pack) => quietly(new Pack(app))), new OwnRules());
}

/**
 * A pack reads members of constructs that the CDK deprecated (`CfnEventBusPolicy#principal`), and the CDK prints a warning for it. What our
 * own code uses is seen by the linter.
 */
function quietly(pack: NagPack): NagPack {
  const validate = pack.validate.bind(pack);
  pack.validate = (context) => {
    const { JSII_DEPRECATED: before = 'warn' } = process.env;
    process.env['JSII_DEPRECATED'] = 'quiet';
    try {
      return validate(context);
    } finally {
      process.env['JSII_DEPRECATED'] = before;
    }
  };
  return pack;
}

/** Each acknowledgement with each resource that it is made on, none if it names nothing in the stack. */
export function acknowledgementsIn(
  stack: Stack,
  acknowledgements: readonly Acknowledgement[],
): readonly { readonly id: string; readonly reason: string; readonly resource: CfnResource }[] {
  const resources = stack.node.findAll().filter((construct) => CfnResource.isCfnResource(construct));
  return acknowledgements.flatMap(({ rule, findings, on, reason }) =>
    resources
      .filter(({ node }) => on.test(node.path.slice(stack.node.path.length + 1)))
      .flatMap((resource) =>
        (findings?.map((finding) => `${rule}[${finding}]`) ?? [rule]).map((id) => ({ id, reason, resource })),
      ),
  );
}
