import type { InteropServer } from './server.ts';

export const verdicts = ['seen', 'not seen', 'lacks'] as const;
export type Verdict = (typeof verdicts)[number];

/** What a run saw of one capability at one server. */
export interface Observation {
  /** `lacks`: the server does not offer it; `not seen`: it does, and our side could not work with it. */
  readonly verdict: Verdict;
  /** One sentence, made of what was answered. */
  readonly said: string;
}

export interface Capability {
  readonly id: string;
  /** Its row on the page. */
  readonly title: string;
}

/** One that a function observes; the others are counted by the runner. */
export interface Observed extends Capability {
  observe(server: InteropServer): Promise<Observation>;
}

export interface Group {
  readonly title: string;
  readonly capabilities: readonly Capability[];
}

export const seen = (said: string): Observation => ({ verdict: 'seen', said });
export const notSeen = (said: string): Observation => ({ verdict: 'not seen', said });
export const lacks = (said: string): Observation => ({ verdict: 'lacks', said });
