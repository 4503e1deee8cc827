import type { Consent } from '../../inventory/consent.ts';
import type { Credential } from '../../inventory/credential.ts';
import type { Fence } from '../../case/fence.ts';
import type { Case } from '../../case/case.ts';
import { consentName, credentialName } from '../../names.ts';
import type { Write } from '../../transaction/write.ts';
import { openOwnCase } from '../case/own-case.ts';
import { recorded, type Stamp } from '../../transaction/stamp.ts';
import { caseOpened, openCase } from '../case/open-case.ts';

/** What a due row comes to; `case` is to be worked where one opened. */
export interface Expiry {
  readonly case?: Case;
  readonly writes: readonly Write[];
}

/**
 * The end of a credential whose time is over: condemned, with a case and an obligation of its own, in one
 * transaction. One that is not live any more is only taken off the list of what is due.
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

/** The end of a consent whose time is over: the fence of a withdrawal, without anybody withdrawing. */
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
