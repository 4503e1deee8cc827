import { type AnnouncerOptions, createAnnouncer } from './stage/announcer.ts';

/** The bank's systems, and what they announce. */
export interface Bank {
  grant(consent: { readonly id: string; readonly partner: string; readonly customer: string }): Promise<void>;
  issue(credential: {
    readonly id?: string;
    readonly kind: 'refresh_token' | 'access_token';
    readonly partner: string;
    readonly consent: string;
    readonly grant: string;
    readonly token: string;
    /** RFC 3339. */
    readonly expiresAt?: string;
    /** Id of the token that it took the place of: it is announced as refreshed, not as issued. */
    readonly replaces?: string;
  }): Promise<void>;
  /** A key that another system gave out under a consent: the bank knows that it is there, and not the key. */
  noteKey(key: {
    readonly authority: string;
    readonly id: string;
    readonly partner: string;
    readonly consent: string;
  }): Promise<void>;
  withdraw(consent: string): Promise<void>;
}

export interface BankOptions extends AnnouncerOptions {
  /** The authority that issues the bank's tokens. */
  readonly authority: string;
}

export function createBank({ authority, ...options }: BankOptions): Bank {
  const { announce, seal } = createAnnouncer(options);
  return {
    grant: ({ id, partner, customer }) =>
      announce('bank.consents', 'Consent Granted', {
        consent: { id, generation: 1 },
        partner,
        customer,
        scopes: ['accounts'],
        grantedAt: new Date(options.now()).toISOString(),
      }),
    issue: async ({ id, kind, partner, consent, grant, token, expiresAt, replaces }) =>
      announce('bank.tokens', replaces === undefined ? 'Credential Issued' : 'Credential Refreshed', {
        ...(replaces !== undefined && { replaces: { authority, id: replaces } }),
        credential: {
          authority,
          ...(id && { id }),
          kind,
          partner,
          consent: { id: consent, generation: 1 },
          grant,
          ...(await seal(token, { authority, partner, id })),
          ...(expiresAt !== undefined && { expiresAt }),
        },
      }),
    noteKey: ({ consent, ...key }) =>
      announce('bank.tokens', 'Credential Issued', {
        credential: { ...key, kind: 'api_key', consent: { id: consent, generation: 1 } },
      }),
    withdraw: (consent) =>
      announce('bank.consents', 'Consent Withdrawn', {
        consent: { id: consent, generation: 1 },
        by: 'customer',
        reason: 'switched off in the banking app',
      }),
  };
}
