import type { Case } from '../case.ts';
import type { Credential } from '../credential.ts';
import type { EventOut } from '../event-out.ts';
import type { Fence } from '../fence.ts';
import type { SignalOf } from '../signal.ts';
import { credentialName } from '../names.ts';
import type { Write } from '../write.ts';
import { type Above, conditionsOf } from './above.ts';
import { recorded, type Stamp } from './stamp.ts';
import { caseOpened, openCase } from './withdraw.ts';

/** The fence that a credential arrived under, with the newest case that follows from it. */
export interface Condemnation {
  readonly fence: Fence;
  readonly latest: Case;
}

/** What an issued credential comes to; `case` is to be planned where it was born condemned. */
export interface Issue {
  readonly case?: Case;
  readonly writes: readonly Write[];
}

type Issuing = SignalOf<'CredentialIssued' | 'CredentialRefreshed'>;

/**
 * Records an issued credential, or one that took another's place. Under a fence it is born condemned and is itself a root of planning: of the
 * running case, or of a follow-up where that one is closed.
 */
export function decideIssue(
  signal: Issuing,
  above: Above,
  condemnation: Condemnation | undefined,
  stamp: Stamp,
): Issue {
  const credential: Credential = {
    ...signal.credential,
    state: condemnation ? 'condemned' : 'live',
    round: 1,
  };
  const writes: Write[] = [
    { kind: 'see-signal', signal: signal.key, digest: signal.digest, at: stamp.at },
    ...conditionsOf(
      { partner: credential.partner, consent: credential.consent, name: credentialName(credential) },
      above,
    ),
    { kind: 'add-credential', credential },
    { kind: 'queue-event', event: { id: stamp.newId(), ...announced(credential, stamp) } },
  ];
  const entry = {
    kind: signal.kind === 'CredentialRefreshed' ? 'refreshed' : 'issued',
    subject: credentialName(credential),
    facts: factsOf(signal, credential),
  } as const;
  if (!condemnation) return { writes: recorded(writes, entry, stamp) };
  const { followed, steps } = condemned(credential, condemnation, stamp);
  return {
    case: followed,
    writes: recorded([...writes, ...steps], { ...entry, case: followed.id }, stamp),
  };
}

function condemned(credential: Credential, { fence, latest }: Condemnation, stamp: Stamp) {
  const root = { kind: 'credential', authority: credential.authority, id: credential.id } as const;
  if (latest.state !== 'closed')
    return {
      followed: latest,
      steps: [{ kind: 'add-cursor', case: latest.id, node: root, dueAt: stamp.at }] as Write[],
    };
  const { kind, subject } = latest;
  const about = { kind, subject, generation: fence.generation, round: latest.round + 1, follows: latest.id };
  const followed = openCase(about, stamp);
  const steps: Write[] = [
    { kind: 'open-case', case: followed, root, dueAt: stamp.at },
    { kind: 'queue-event', event: caseOpened(followed, stamp) },
  ];
  return { followed, steps };
}

/** What the bus is told of a new credential. */
function announced(credential: Credential, { at }: Stamp): EventOut {
  const { authority, id, kind, partner, consent, replaces } = credential;
  const told = { authority, id, kind, partner, ...(consent && { consent }) };
  return replaces
    ? { type: 'Credential Refreshed', detail: { credential: told, replaces, at } }
    : { type: 'Credential Issued', detail: { credential: told, at } };
}

function factsOf(signal: Issuing, credential: Credential) {
  const { consent, grant, fingerprint, expiresAt, replaces } = credential;
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
    ...(expiresAt && { expiresAt }),
  };
}
