import type { EgressRule } from '../../wire/environment.ts';
import { EgressError } from './egress-error.ts';
import { type PolicyFor, readRules, requireAllowed } from './policy.ts';
import { literalOf, readTarget } from './target.ts';

/** Why an endpoint can never be called, and what to do; undefined: as far as is known without asking DNS, it can. */
export type WhyUnreachable = (endpoint: string) => string | undefined;

/** Judges endpoints by the rules that `createEgress` calls them by. Rules that cannot be read let nothing be reached. */
export function whyUnreachableUnder(rules: readonly EgressRule[]): WhyUnreachable {
  let policyFor: PolicyFor | undefined;
  return (endpoint) => {
    try {
      // read at the first registration: a setting that is wrong must not keep the door shut for a cut-off
      policyFor ??= readRules(rules);
      const url = readTarget(endpoint);
      const policy = policyFor(url);
      const literal = literalOf(url);
      if (literal !== undefined) requireAllowed(url, literal, policy);
      return undefined;
    } catch (error) {
      if (error instanceof EgressError) return error.message;
      throw error;
    }
  };
}
