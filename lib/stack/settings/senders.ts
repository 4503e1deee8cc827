import * as z from 'zod';
import { type Sender, sender } from '../../wire/environment.ts';
import { parsedText, setting } from './setting.ts';

/** Who may announce facts on the bus, and which of the principals of that account may say so. */
export interface SenderSetting extends Sender {
  /** IAM roles or users of the sender's account, `role/<path and name>`: with this source, they alone are let in. */
  readonly principals: readonly string[];
}

/** Each function that hears senders has the list in its environment, and Lambda keeps 4 KB for all variables of a function. */
const listBytesMax = 2_000;

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const busPolicyBytesMax = 10_240;

/** What the statements of the bus come to, a little too much rather than too little; `lib/stack/sender-policy.ts` writes them. */
function busPolicyBytes(senders: readonly SenderSetting[]): number {
  const ours = 2_000;
  return senders.reduce((sum, { account, source, principals }) => {
    const named = principals.reduce((names, one) => names + one.length + 40, 0);
    const denied = 330 + source.length * 3 + named;
    return sum + denied + (account === undefined ? 0 : 420 + source.length + named);
  }, ours);
}

const principal = z
  .string()
  .regex(
    /^(role|user)\/[\w+=,.@/-]{1,512}$/,
    'must be role/<path and name> or user/<path and name>, without wildcards',
  );

const one = sender.extend({
  // the events of the stack itself never come back in (the rule on the bus leaves them out)
  source: sender.shape.source
    .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, hyphens and underscores')
    .refine((source) => source !== 'rescind', 'must not be "rescind"')
    // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html
    .refine((source) => !source.startsWith('aws.'), 'must not begin with "aws.", which EventBridge keeps'),
  principals: z.array(principal).min(1).max(20, 'must be 20 at most: let more of them assume one role'),
});

const list = z
  .array(one)
  .min(1)
  .superRefine((senders, context) => {
    const seen = new Set<string>();
    for (const [index, { account = '', source }] of senders.entries()) {
      const pair = `${account} ${source}`;
      if (seen.has(pair))
        context.addIssue({
          code: 'custom',
          path: [index],
          message: `lists account and source of an entry above: make one of the two`,
        });
      seen.add(pair);
    }
    const policyBytes = busPolicyBytes(senders);
    if (policyBytes > busPolicyBytesMax)
      context.addIssue(
        `makes a policy of the bus of some ${policyBytes} of ${busPolicyBytesMax} bytes: have fewer sources or principals`,
      );
    const bytes = Buffer.byteLength(JSON.stringify(heardSenders(senders)));
    if (bytes > listBytesMax)
      context.addIssue(
        `takes ${bytes} of ${listBytesMax} bytes: list "*" for partners, or have fewer sources`,
      );
  });

export const senders = setting({
  schema: z.preprocess(parsedText, list),
  byDefault: [
    { source: 'bank.consents', principals: ['role/bank-consents'], partners: '*', authorities: '*' },
    { source: 'bank.tokens', principals: ['role/bank-tokens'], partners: '*', authorities: '*' },
    {
      source: 'aggregator.tokens',
      principals: ['role/aggregator-tokens'],
      partners: '*',
      authorities: ['aggregator'],
    },
  ],
  example:
    '[{"source":"bank.consents","principals":["role/consent-service"],"partners":"*","authorities":["bank"]}]',
});

/** What the functions are told: who speaks is decided on the bus, which events do not name. */
export function heardSenders(of: readonly SenderSetting[]): readonly Sender[] {
  return of.map(({ account, source, partners, authorities }) => ({
    ...(account !== undefined && { account }),
    source,
    partners,
    authorities,
  }));
}
