import type { Resources } from './template.ts';

/** A promise about every template of ours; a template that breaks it is not synthesized. */
export interface Rule {
  /** The file's name. */
  readonly name: string;
  /** What the rule keeps true. */
  readonly promise: string;
  /** What to do about a finding. */
  readonly remedy: string;
  /** Names what breaks the promise: none if it holds. */
  find(resources: Resources): readonly Finding[];
}

export interface Finding {
  /** The logical id of the resource. */
  readonly resource: string;
  /** Where in the resource: `Properties.RedrivePolicy`. */
  readonly at: string;
  /** What was found there. */
  readonly got: string;
}
