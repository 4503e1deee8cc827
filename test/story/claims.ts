/** One thing that the story says, checked by a real call. */
export interface Claim {
  readonly claim: string;
  readonly ok: boolean;
  /** What was seen instead, for people. */
  readonly seen?: string;
}

/** The claims of one part of the story. */
export interface ClaimGroup {
  readonly title: string;
  readonly claims: readonly Claim[];
}

/** Collects claims; a claim whose check throws is a claim that failed. */
export class Claims {
  readonly #groups: { readonly title: string; readonly claims: Claim[] }[] = [];

  get all(): readonly Claim[] {
    return this.#groups.flatMap(({ claims }) => claims);
  }

  get groups(): readonly ClaimGroup[] {
    return this.#groups.filter(({ claims }) => claims.length > 0);
  }

  /** The claims that follow belong to this part. */
  begin(title: string): void {
    if (this.#groups.at(-1)?.title !== title) this.#groups.push({ title, claims: [] });
  }

  /** `check` gives what it saw, and whether that is what the claim says. */
  async claim(
    name: string,
    check: () => Promise<{ readonly ok: boolean; readonly seen: string }>,
  ): Promise<boolean> {
    const { ok, seen } = await check().catch((error: unknown) => ({
      ok: false,
      seen: error instanceof Error ? error.message : String(error),
    }));
    const group = this.#groups.at(-1);
    if (!group) throw new Error(`the claim ${name} belongs to no part of the story: begin one`);
    group.claims.push(ok ? { claim: name, ok } : { claim: name, ok, seen });
    return ok;
  }
}
