import type { PlanNode } from '../../domain/case/case.ts';
import type { Credential } from '../../domain/inventory/credential.ts';
import type { CredentialRef, PartnerId } from '../../domain/ids.ts';
import { cutOffCredentialsMax, planPageCredentials } from '../../domain/limits.ts';

export interface ListPartner {
  readonly edges: {
    page(
      node: PlanNode,
      after: string | undefined,
      limit: number,
    ): Promise<{ readonly refs: readonly CredentialRef[]; readonly next?: string | undefined }>;
  };
  readonly credentials: { findAll(refs: readonly CredentialRef[]): Promise<readonly Credential[]> };
  /** Milliseconds that this invocation may still take. */
  readonly remainingMs: () => number;
}

/** Listing stops with this much time left, for the commit. */
const reserveMs = 5_000;

export type Listed =
  | { readonly kind: 'listed'; readonly credentials: readonly Credential[] }
  | { readonly kind: 'too-many' }
  | { readonly kind: 'no-time'; readonly seen: number };

/** Lists the credentials of a partner that are not dead, with strongly consistent reads, in the order of its edges. */
export async function listPartner(partner: PartnerId, deps: ListPartner): Promise<Listed> {
  const credentials: Credential[] = [];
  let after: string | undefined;
  do {
    if (deps.remainingMs() < reserveMs) return { kind: 'no-time', seen: credentials.length };
    const page = await deps.edges.page({ kind: 'partner', id: partner }, after, planPageCredentials);
    if (page.refs.length > 0) {
      const found = new Map(
        (await deps.credentials.findAll(page.refs)).map((one) => [`${one.authority}\n${one.id}`, one]),
      );
      for (const { authority, id } of page.refs) {
        const credential = found.get(`${authority}\n${id}`);
        if (credential && credential.state !== 'dead') credentials.push(credential);
      }
    }
    if (credentials.length > cutOffCredentialsMax) return { kind: 'too-many' };
    after = page.next;
  } while (after !== undefined);
  return { kind: 'listed', credentials };
}
