import type { JWK } from 'jose';
import type { Fetch } from '../../../lib/connectors/egress.ts';
import type { EgressRule } from '../../../lib/wire/environment.ts';
import type { OperateMessage } from '../../../lib/wire/operate.ts';
import type { LocalAuthority } from '../../authority/authority.ts';
import { createPartnerClient, type PartnerClient } from '../../authority/partner-client.ts';

type RegisterAuthority = Extract<OperateMessage, { readonly command: 'register-authority' }>;

/** An authorization server of the story, and what lets Rescind in. */
export interface Server {
  /** What Rescind calls it. */
  readonly id: string;
  readonly authority: LocalAuthority;
  /** PEM; it alone vouches for this server. */
  readonly ca: string;
  /** Rescind's own client there. */
  readonly auth: RegisterAuthority['authority']['auth'];
  /** That client's key or secret, as it is put into Secrets Manager. */
  readonly secret: string;
}

export const egressTo = ({ authority, ca }: Server): EgressRule => ({
  host: new URL(authority.issuer).host,
  addresses: ['127.0.0.0/8'],
  ca,
});

/** The order that registers it, as `rescind register` gives it. */
export function registrationOf({ id, authority, auth }: Server): RegisterAuthority {
  const { token, revocation, introspection } = authority.endpoints;
  return {
    command: 'register-authority',
    authority: {
      id,
      revision: 1,
      kind: 'oauth',
      role: 'operator',
      issuer: authority.issuer,
      tokenEndpoint: token,
      revocationEndpoint: revocation,
      introspectionEndpoint: introspection,
      auth,
    },
  };
}

/** How the parties of the story speak to the servers. */
export interface Line {
  readonly fetch: Fetch;
  readonly now: () => number;
}

/** Somebody who has a key there, and is not Rescind. */
export const clientAt = (
  { authority: { issuer, endpoints } }: Server,
  { id, key, line }: { readonly id: string; readonly key: JWK; readonly line: Line },
): Promise<PartnerClient> => createPartnerClient({ issuer, endpoints, clientId: id, key, ...line });
