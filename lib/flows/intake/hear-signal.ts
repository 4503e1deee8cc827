import type { Rejection } from '../../domain/decisions/intake/reject.ts';
import type { Issuing } from '../../domain/decisions/intake/issue.ts';
import { credentialId, customerPrint } from '../../domain/ids.ts';
import { credentialName } from '../../domain/names.ts';
import type { Signal } from '../../domain/intake/signal.ts';
import { fingerprintId } from '../../keys/fingerprint.ts';
import { bindingOf } from '../../keys/handle.ts';
import { canonical, sha256 } from '../../wire/digest.ts';
import type { Sender } from '../../wire/environment.ts';
import {
  type Announcement,
  type DetailOf,
  type DetailType,
  type Envelope,
  envelope,
  eventsIn,
} from '../../wire/events-in.ts';
import { explain } from '../../wire/explain.ts';
import { beyondSender } from '../../wire/speaks-for.ts';

export interface Hearing {
  /** The account that this stack runs in. */
  readonly account: string;
  readonly senders: readonly Sender[];
  /** Returns the keyed fingerprint of a SHA-256 that a sender announced. */
  readonly fingerprint: (sha256: string) => Promise<string>;
  /** Returns a fingerprint that is keyed for its purpose: no SHA-256 that a sender announces can have the same one. */
  readonly fingerprintFor: (purpose: 'customer' | 'announcement', text: string) => Promise<string>;
}

export type Heard =
  | {
      readonly kind: 'signal';
      readonly signal: Signal;
      readonly from: Envelope;
      readonly sender: Sender;
    }
  | { readonly kind: 'rejected'; readonly rejection: Rejection; readonly from?: Envelope };

/** Parses the body of a queue message into a signal, or returns why it is rejected. Reads and writes no rows. */
export async function hearSignal(body: string, hearing: Hearing): Promise<Heard> {
  const opened = open(body);
  if ('code' in opened) return { kind: 'rejected', rejection: opened };
  const { from, digest } = opened;
  const reject = (code: Rejection['code'], reason: string): Heard => ({
    kind: 'rejected',
    rejection: { code, reason, digest },
    from,
  });
  const [sender, ...twins] = hearing.senders.filter(
    ({ account, source }) => (account ?? hearing.account) === from.account && source === from.source,
  );
  // a source that is listed twice, with its account and without, has no single scope
  if (!sender || twins.length > 0)
    return reject(
      'foreign',
      `account and source must be in the context key "senders" exactly once: add them, or remove the second entry`,
    );
  const type = from['detail-type'];
  if (!isDetailType(type))
    return reject('unknown-type', `detail-type must be one of: ${Object.keys(eventsIn).join(', ')}`);
  const parsed = eventsIn[type].safeParse(from.detail);
  if (!parsed.success) return reject('malformed', explain(parsed.error));
  const announcement = { type, detail: parsed.data } as Announcement;
  const beyond = beyondSender(sender, announcement);
  if (beyond) return reject('beyond-sender', beyond);
  const misbound = 'credential' in announcement.detail && transplanted(announcement.detail.credential);
  if (misbound) return reject('transplanted', misbound);
  const signal = await signalOf(announcement, from, digest, hearing);
  const itself = 'credential' in signal && ownOrigin(signal.credential);
  if (itself) return reject('malformed', `${itself}: must not be the announced credential itself`);
  return { kind: 'signal', signal, from, sender };
}

function open(body: string): Rejection | { readonly from: Envelope; readonly digest: string } {
  const malformed = (reason: string): Rejection => ({ code: 'malformed', reason, digest: sha256(body) });
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return malformed('the message is not JSON');
  }
  const parsed = envelope.safeParse(json);
  if (!parsed.success) return malformed(`not an EventBridge event: ${explain(parsed.error)}`);
  try {
    // the digest covers the detail as it was sent, not as the schema parsed it
    const { detail } = json as { readonly detail: unknown };
    return { from: parsed.data, digest: sha256(canonical({ type: parsed.data['detail-type'], detail })) };
  } catch {
    // lone surrogates, or nesting deeper than the stack
    return malformed('the detail has no canonical JSON form (RFC 8785)');
  }
}

const isDetailType = (text: string): text is DetailType => Object.hasOwn(eventsIn, text);

type IssuedCredential = DetailOf<'Credential Issued'>['credential'];

function transplanted({
  authority,
  partner,
  id,
  sha256: hash,
  handle,
}: IssuedCredential): string | undefined {
  if (handle === undefined) return undefined;
  const said = bindingOf(handle);
  const credential = id ?? `sha256:${hash}`;
  if (said?.authority === authority && said.partner === partner && said.credential === credential)
    return undefined;
  return 'credential.handle: its protected header must carry exactly this authority, partner and credential, and the kid of the published key';
}

/** Returns the member by which a credential names itself as its own ancestor. */
function ownOrigin(credential: Issuing['credential']): 'parent' | 'replaces' | undefined {
  const name = credentialName(credential);
  if (credential.parent && credentialName(credential.parent) === name) return 'parent';
  return credential.replaces && credentialName(credential.replaces) === name ? 'replaces' : undefined;
}

async function signalOf(
  announcement: Announcement,
  from: Envelope,
  digest: string,
  hearing: Hearing,
): Promise<Signal> {
  const { id, occurredAt } = announcement.detail;
  const base = { key: { account: from.account, source: from.source, id }, digest, occurredAt };
  switch (announcement.type) {
    case 'Consent Granted': {
      const { consent, partner, scopes, grantedAt, expiresAt } = announcement.detail;
      const customer = customerPrint(await hearing.fingerprintFor('customer', announcement.detail.customer));
      return {
        ...base,
        // from a plain digest, anyone could find the customer by trying all customer ids
        digest: await hearing.fingerprintFor('announcement', digest),
        kind: 'ConsentGranted',
        consent: { ...consent, partner, customer, scopes, grantedAt, expiresAt },
      };
    }
    case 'Consent Withdrawn': {
      const { consent, partner, by, reason } = announcement.detail;
      return { ...base, kind: 'ConsentWithdrawn', consent, partner, by, reason };
    }
    case 'Credential Issued':
      return {
        ...base,
        kind: 'CredentialIssued',
        credential: await named(announcement.detail.credential, hearing),
      };
    case 'Credential Refreshed': {
      const { credential, replaces } = announcement.detail;
      return {
        ...base,
        kind: 'CredentialRefreshed',
        credential: { ...(await named(credential, hearing)), replaces },
      };
    }
    case 'Credential Exchanged': {
      const { credential, parent } = announcement.detail;
      return {
        ...base,
        kind: 'CredentialExchanged',
        credential: { ...(await named(credential, hearing)), parent },
      };
    }
  }
}

/** Adds the credential's id: the sender's reference, or the keyed fingerprint if there is none. */
async function named({ sha256: hash, id: reference, ...told }: IssuedCredential, hearing: Hearing) {
  const print = hash === undefined ? undefined : await hearing.fingerprint(hash);
  return { ...told, id: reference ?? credentialId(fingerprintId(print ?? '')), fingerprint: print };
}
