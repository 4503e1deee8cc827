import type { Listed } from '../../aws/dynamodb/readers/inventory.ts';
import type { Credential, CredentialKind, CredentialState } from '../../domain/inventory/credential.ts';

/** The state, kind and authority that a credential must have; members that are left out match everything. */
export interface CredentialFilter {
  readonly state?: CredentialState;
  readonly kind?: CredentialKind;
  readonly authority?: string;
}

export interface Selected {
  readonly found: readonly Credential[];
  /** The number of credentials that were read, including those that did not match. */
  readonly looked: number;
  /** The position to continue at; absent at the end of the list. */
  readonly next?: { readonly after: string; readonly because: 'another-matches' | 'looked-enough' };
}

/**
 * Selects the first matching credentials, at most `limit`. It reads on to the next match, so that a further page is never empty. After
 * `lookedAtMax` credentials it stops, and says so in `next`.
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
