import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { Secret } from '../../domain/secret.ts';
import { type KeySet, sealHandle } from '../../keys/handle.ts';
import { sha256 } from '../../wire/digest.ts';

/** The bank's systems that announce facts on the bus, as a bank would write them: with the AWS SDK and a public key. */
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
  withdraw(consent: string): Promise<void>;
}

export interface BankOptions {
  readonly events: EventBridgeClient;
  readonly bus: string;
  /** The authority that issues the bank's tokens. */
  readonly authority: string;
  /** Rescind's published keys. */
  readonly keys: KeySet;
  readonly now: () => number;
}

export function createBank({ events, bus, authority, keys, now }: BankOptions): Bank {
  let announced = 0;
  const announce = async (source: string, type: string, rest: object): Promise<void> => {
    announced += 1;
    const time = new Date(now()).toISOString();
    const detail = { version: 1, id: `${source}-${announced}`, occurredAt: time, ...rest };
    const entry = { EventBusName: bus, Source: source, DetailType: type, Detail: JSON.stringify(detail) };
    const { Entries = [] } = await events.send(new PutEventsCommand({ Entries: [entry] }));
    if (!Entries[0]?.EventId) throw new Error(`the bus refused ${type}: ${Entries[0]?.ErrorCode}`);
  };
  return {
    grant: ({ id, partner, customer }) =>
      announce('bank.consents', 'Consent Granted', {
        consent: { id, generation: 1 },
        partner,
        customer,
        scopes: ['accounts'],
        grantedAt: new Date(now()).toISOString(),
      }),
    issue: async ({ id, kind, partner, consent, grant, token, expiresAt, replaces }) => {
      const hash = sha256(token);
      const binding = { authority, partner, credential: id ?? `sha256:${hash}` };
      const handle = await sealHandle(keys, binding, new Secret(token));
      await announce('bank.tokens', replaces === undefined ? 'Credential Issued' : 'Credential Refreshed', {
        ...(replaces !== undefined && { replaces: { authority, id: replaces } }),
        credential: {
          authority,
          ...(id && { id }),
          kind,
          partner,
          consent: { id: consent, generation: 1 },
          grant,
          handle,
          sha256: hash,
          ...(expiresAt !== undefined && { expiresAt }),
        },
      });
    },
    withdraw: (consent) =>
      announce('bank.consents', 'Consent Withdrawn', {
        consent: { id: consent, generation: 1 },
        by: 'customer',
        reason: 'switched off in the banking app',
      }),
  };
}
