import * as z from 'zod';
import { EgressError } from '../../connectors/egress/egress-error.ts';
import { readRules } from '../../connectors/egress/policy.ts';
import { egressRule } from '../../wire/environment.ts';
import { parsedText, setting } from './setting.ts';

/** As the functions will read them: a rule that they cannot read would refuse every call. */
const readable = z.array(egressRule).superRefine((rules, context) => {
  try {
    readRules(rules);
  } catch (error) {
    if (!(error instanceof EgressError)) throw error;
    context.addIssue(error.message);
  }
});

/** Hosts outside the public internet that connectors may reach. */
export const egress = setting({
  schema: z.preprocess(parsedText, readable),
  byDefault: [],
  example: '[{"host":"auth.bank.internal","addresses":["10.0.0.0/8"]}]',
});
