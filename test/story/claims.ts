/** One thing that the story says, checked by a real call. */
export interface Claim {
  readonly claim: string;
  readonly ok: boolean;
  /** What was seen instead, for people. */
  readonly seen?: string;
}

/** Collects claims; a claim whose check throws is a claim that failed. */
export class Claims {
  readonly all: Claim[] = [];

  /** `check` gives what it saw, and whether that is what the claim says. */
  async claim(
    name: string,
    check: () => Promise<{ readonly ok: boolean; readonly seen: string }>,
  ): Promise<boolean> {
    const { ok, seen } = await check().catch((error: unknown) => ({
      ok: false,
      seen: error instanceof Error ? error.message : String(error),
    }));
    this.all.push(ok ? { claim: name, ok } : { claim: name, ok, seen });
    return ok;
  }
}
