import type { Case } from '../../case/case.ts';
import type { Credential } from '../../inventory/credential.ts';
import type { EntryKind } from '../../transaction/entry.ts';
import type { EventOut } from '../../transaction/event-out.ts';
import type { SignalOf } from '../../intake/signal.ts';
import { credentialName } from '../../names.ts';
import { shardOf } from '../../case/obligation.ts';
import type { Write } from '../../transaction/write.ts';
import { type Above, conditionsOfIssue } from '../above.ts';
import { recorded, type Stamp } from '../../transaction/stamp.ts';
import { caseOpened, openCase } from '../case/open-case.ts';

/** The consequence for a credential that arrives with a fence or a condemned ancestor, and the newest case about that barrier. */
export type Fate =
  | { readonly kind: 'condemned'; readonly latest: Case }
  /** Another active consent uses it: it stays live, and is listed in each of these cases. */
  | { readonly kind: 'shared'; readonly cases: readonly Case[] };

/** The decision about an issued credential. `case` is the case that has to walk it, where it is condemned on arrival. */
export interface Issue {
  readonly case?: Case;
  readonly writes: readonly Write[];
}

export type Issuing = SignalOf<'CredentialIssued' | 'CredentialRefreshed' | 'CredentialExchanged'>;

/**
 * Records a credential that was issued, that replaced another one, or that was exchanged for another one. Where a fence or a condemned
 * ancestor forbids it, it is condemned on arrival. It is then a root of the walk: of the running case, or of a follow-up case
 * where that one is closed.
 */
export function decideIssue(signal: Issuing, above: Above, fate: Fate | undefined, stamp: Stamp): Issue {
  const doom = fate?.kind === 'condemned' ? followed(fate.latest, signal.credential, stamp) : undefined;
  const credential: Credential = {
    ...signal.credential,
    ...(doom ? { state: 'condemned', condemnedBy: doom.case.id } : { state: 'live' }),
    round: 1,
  };
  const writes: Write[] = [
    { kind: 'see-signal', signal: signal.key, digest: signal.digest, at: stamp.at },
    ...conditionsOfIssue(credential, above),
    { kind: 'add-credential', credential },
    { kind: 'queue-event', event: { id: stamp.newId(), ...announced(credential, stamp) } },
  ];
  const entry = {
    kind: entryKinds[signal.kind],
    subject: credentialName(credential),
    facts: factsOf(signal, credential),
  } as const;
  if (doom)
    return {
      case: doom.case,
      writes: recorded([...writes, ...doom.steps], { ...entry, case: doom.case.id }, stamp),
    };
  if (fate?.kind !== 'shared') return { writes: recorded(writes, entry, stamp) };
  const listed = fate.cases.map((one) => shared(one, credential));
  const facts = { ...entry.facts, shared: fate.cases.map(({ id }) => id) };
  return { writes: recorded([...writes, ...listed], { ...entry, facts }, stamp) };
}

const entryKinds = {
  CredentialIssued: 'issued',
  CredentialRefreshed: 'refreshed',
  CredentialExchanged: 'exchanged',
} as const satisfies Record<Issuing['kind'], EntryKind>;

/** The case that a credential joins as a root when it is condemned on arrival, and the writes for it. */
function followed(latest: Case, { authority, id }: Issuing['credential'], stamp: Stamp) {
  const root = { kind: 'credential', authority, id } as const;
  if (latest.state !== 'closed')
    return {
      case: latest,
      steps: [{ kind: 'add-cursor', case: latest.id, node: root, dueAt: stamp.at }] as Write[],
    };
  const { kind, subject, generation, round, id: follows } = latest;
  const opened = openCase({ kind, subject, generation, round: round + 1, follows }, stamp);
  const steps: Write[] = [
    { kind: 'open-case', case: opened, root, dueAt: stamp.at },
    { kind: 'queue-event', event: caseOpened(opened, stamp) },
  ];
  return { case: opened, steps };
}

const shared = (latest: Case, { authority, id, consent }: Credential): Write => ({
  kind: 'note-credential',
  note: {
    case: latest.id,
    shard: shardOf({ authority, id }, latest.shards),
    authority,
    id,
    as: 'shared',
    serves: consent,
  },
});

/** The event about a new credential. */
function announced(credential: Credential, { at }: Stamp): EventOut {
  const { authority, id, kind, partner, consent, parent, replaces } = credential;
  const told = { authority, id, kind, partner, ...(consent && { consent }) };
  if (parent) return { type: 'Credential Exchanged', detail: { credential: told, parent, at } };
  return replaces
    ? { type: 'Credential Refreshed', detail: { credential: told, replaces, at } }
    : { type: 'Credential Issued', detail: { credential: told, at } };
}

function factsOf(signal: Issuing, credential: Credential) {
  const { consent, grant, fingerprint, expiresAt, parent, replaces } = credential;
  return {
    source: signal.key.source,
    account: signal.key.account,
    signal: signal.key.id,
    digest: signal.digest,
    occurredAt: signal.occurredAt,
    partner: credential.partner,
    credentialKind: credential.kind,
    ...(consent && { consent: consent.id, generation: consent.generation }),
    ...(grant && { grant }),
    ...(fingerprint && { fingerprint }),
    ...(replaces && { replaces: credentialName(replaces) }),
    ...(parent && { parent: credentialName(parent) }),
    ...(expiresAt && { expiresAt }),
  };
}
