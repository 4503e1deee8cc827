import type { Consent } from '../../inventory/consent.ts';
import type { Credential } from '../../inventory/credential.ts';
import type { Fence } from '../../case/fence.ts';
import type { Case } from '../../case/case.ts';
import { consentName, credentialName } from '../../names.ts';
import type { Write } from '../../transaction/write.ts';
import { openOwnCase } from '../case/own-case.ts';
import { recorded, type Stamp } from '../../transaction/stamp.ts';
import { caseOpened, openCase } from '../case/open-case.ts';

/** The decision about a row whose time is over. `case` is the case that opened, where one did; its work begins now. */
export interface Expiry {
  readonly case?: Case;
  readonly writes: readonly Write[];
}

/**
 * Condemns a credential whose time is over, with a case and an obligation of its own, in one transaction.
 * A credential that is no longer live only leaves the index of due rows.
 */
export function decideCredentialExpiry(credential: Credential, covered: boolean, stamp: Stamp): Expiry {
  const { authority, id, expiresAt } = credential;
  if (credential.state !== 'live') return { writes: [{ kind: 'clear-due', of: { authority, id } }] };
  const own = openOwnCase('credential-expired', credential, covered, stamp);
  const opened = own.case;
  const writes: Write[] = [
    ...own.writes,
    {
      kind: 'queue-event',
      event: {
        id: stamp.newId(),
        type: 'Credential Expired',
        detail: { credential: { authority, id }, case: opened.id, at: stamp.at },
      },
    },
  ];
  const facts = { credential: credentialName(credential), expiresAt: expiresAt ?? null };
  const entry = { kind: 'expired', subject: `case/${opened.id}`, case: opened.id, facts } as const;
  return { case: opened, writes: recorded(writes, entry, stamp) };
}

/** Ends a consent whose time is over: raises the same fence as a withdrawal does. */
export function decideConsentExpiry(consent: Consent, fence: Fence | undefined, stamp: Stamp): Expiry {
  const { id, generation, expiresAt } = consent;
  const cleared: Write = { kind: 'clear-due', of: { id, generation } };
  if (fence && fence.generation >= generation) return { writes: [cleared] };
  const subject = { type: 'consent', id } as const;
  const opened = openCase({ kind: 'consent-expired', subject, generation, round: 1 }, stamp);
  const writes: Write[] = [
    {
      kind: 'raise-fence',
      fence: { subject, generation, case: opened.id, at: stamp.at },
      from: fence?.generation ?? null,
    },
    cleared,
    { kind: 'open-case', case: opened, root: { kind: 'consent', id, generation }, dueAt: stamp.at },
    { kind: 'queue-event', event: caseOpened(opened, stamp) },
    {
      kind: 'queue-event',
      event: {
        id: stamp.newId(),
        type: 'Consent Expired',
        detail: { consent: { id, generation }, case: opened.id, at: stamp.at },
      },
    },
  ];
  const facts = { consent: consentName(consent), expiresAt: expiresAt ?? null };
  const entry = { kind: 'expired', subject: `case/${opened.id}`, case: opened.id, facts } as const;
  return { case: opened, writes: recorded(writes, entry, stamp) };
}
