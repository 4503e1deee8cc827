import { brokenBodies, brokenEnvelopes, unknownTypes } from './fuzzing/broken-envelopes.ts';
import { brokenRules } from './fuzzing/broken-rules.ts';
import type { Made, Sender } from './fuzzing/made.ts';
import { mutatedMembers, mutatedTogether } from './fuzzing/mutated-members.ts';

/** An event that must be refused, whatever the reason. */
export interface Malformed extends Made {
  /** One of a kind. */
  readonly label: string;
}

/** Every event that is wrong in some way, made from the schemas; the same at each run. All seem to come from one sender. */
export function malformedEvents(sender: Sender): readonly Malformed[] {
  return [
    ...mutatedMembers(sender),
    ...mutatedTogether(sender),
    ...brokenRules(sender),
    ...unknownTypes(sender),
    ...brokenEnvelopes(sender),
    ...brokenBodies(sender),
  ];
}
