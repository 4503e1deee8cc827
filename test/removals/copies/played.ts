/** What a program that played on a copy of the assembly tells. */
export interface Played {
  /** What failed, in words; empty: it went as it should. */
  readonly failed: readonly string[];
  /** It failed before anything in it could be judged. @default false */
  readonly broken?: boolean;
  /** The part of the story after which something that could be taken out was needed first, by its key. */
  readonly needed?: Readonly<Record<string, string>>;
}

/** Writes it as the last line of stdout, and ends the program: a world that did not come up leaves its servers open. */
export const endPlayed = (played: Played): void =>
  void process.stdout.write(`\n${JSON.stringify(played)}\n`, () => process.exit(0));
