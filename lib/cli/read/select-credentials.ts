import type { Listed } from '../../aws/dynamodb/readers/inventory.ts';
import type { Credential, CredentialKind, CredentialState } from '../../domain/inventory/credential.ts';

/** What a credential has to be, in each respect that is named. */
export interface CredentialFilter {
  readonly state?: CredentialState;
  readonly kind?: CredentialKind;
  readonly authority?: string;
}

export interface Selected {
  readonly found: readonly Credential[];
  /** How many were looked at, those that did not match included. */
  readonly looked: number;
  /** Where to go on; absent where none is left. */
  readonly next?: { readonly after: string; readonly because: 'another-matches' | 'looked-enough' };
}

/**
 * The first that match, `limit` at most. It looks on to the next match, so that a position to go on from leads to one; after
 * `lookedAtMax` it looks no further, and says so.
 */
export async function selectCredentials(
  pages: AsyncIterable<readonly Listed[]>,
  filter: CredentialFilter,
  bounds: { readonly limit: number; readonly lookedAtMax: number },
): Promise<Selected> {
  const found: Credential[] = [];
  let looked = 0;
  let last = '';
  for await (const page of pages)
    for (const { credential, after } of page) {
      if (looked >= bounds.lookedAtMax)
        return { found, looked, next: { after: last, because: 'looked-enough' } };
      looked += 1;
      if (matches(credential, filter)) {
        if (found.length >= bounds.limit)
          return { found, looked, next: { after: last, because: 'another-matches' } };
        found.push(credential);
      }
      last = after;
    }
  return { found, looked };
}

const matches = (credential: Credential, { state, kind, authority }: CredentialFilter): boolean =>
  (state === undefined || credential.state === state) &&
  (kind === undefined || credential.kind === kind) &&
  (authority === undefined || credential.authority === authority);
