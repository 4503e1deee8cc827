import { Lazy, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { sha256 } from '../wire/digest.ts';
import type { SenderSetting } from './settings/senders.ts';

/** Who may put events on a bus, and with which source. */
export interface Speaker {
  readonly source: string;
  /** ARNs of roles and users, asked for at the end of the synth. */
  principals(): readonly string[];
}

/**
 * Denies PutEvents to everybody, administrators of the account too, unless principal and source are on the list together. IAM joins
 * statements by "or", so one Deny says which sources there are, and one for each source whose it is.
 *
 * A request may hold entries of several sources. `ForAnyValue` of a missing key is false, so a missing source is denied by itself.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 * `aws:PrincipalArn` of a session is the ARN of its role.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
 */
export function denyOthers(busArn: string, speakers: readonly Speaker[]): readonly PolicyStatement[] {
  const deny = (sid: string, conditions: Record<string, Record<string, unknown>>) =>
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['events:PutEvents'],
      resources: [busArn],
      conditions,
    });
  const sources = [...new Set(speakers.map(({ source }) => source))];
  return [
    deny('NoOtherSource', { 'ForAnyValue:StringNotEquals': { 'events:source': sources } }),
    deny('NoSource', { Null: { 'events:source': 'true' } }),
    ...sources.map((source) =>
      deny(`Only${sidOf(source)}`, {
        'ForAnyValue:StringEquals': { 'events:source': [source] },
        ArnNotEquals: {
          'aws:PrincipalArn': Lazy.list({
            produce: () => speakers.filter((one) => one.source === source).flatMap((one) => one.principals()),
          }),
        },
      }),
    ),
  ];
}

/**
 * Lets the listed principals of other accounts in, with their sources; their own account has to let them, too. In our own account the
 * policies of the role are enough.
 */
export function admitOtherAccounts(
  scope: Construct,
  busArn: string,
  senders: readonly SenderSetting[],
): readonly PolicyStatement[] {
  return senders.flatMap((sender) => {
    if (sender.account === undefined) return [];
    return new PolicyStatement({
      sid: `Admit${sender.account}${sidOf(sender.source)}`,
      principals: [new AccountPrincipal(sender.account)],
      actions: ['events:PutEvents'],
      resources: [busArn],
      conditions: {
        ArnEquals: { 'aws:PrincipalArn': speakerOf(scope, sender).principals() },
        ...onlyFrom([sender.source]),
      },
    });
  });
}

/** A sender of the settings, its principals as ARNs. */
export function speakerOf(scope: Construct, { account, source, principals }: SenderSetting): Speaker {
  const stack = Stack.of(scope);
  const of = account ?? stack.account;
  return { source, principals: () => principals.map((one) => `arn:${stack.partition}:iam::${of}:${one}`) };
}

// events:source may hold several values, and ForAllValues holds for a key that is absent:
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
export function onlyFrom(sources: readonly string[]): Record<string, Record<string, string | string[]>> {
  return {
    'ForAllValues:StringEquals': { 'events:source': [...sources] },
    Null: { 'events:source': 'false' },
  };
}

/** Sids hold letters and digits, and the CDK keeps 64 of them: the beginning is for people, the hash tells sources apart. */
function sidOf(source: string): string {
  return `${source.replace(/[^A-Za-z0-9]/g, '').slice(0, 20)}${sha256(source).slice(0, 12)}`;
}
