import * as z from 'zod';
import { authorityName, clientName, consentName, credentialName, partnerName } from '../../domain/names.ts';
import { openLedger } from '../ledger.ts';
import { CommandFailed, type Report } from '../output.ts';
import { say } from '../printable.ts';
import { onlyOne, parseConsent, parseCredential } from '../subjects.ts';

export interface ShowLedger {
  readonly case?: string;
  readonly partner?: string;
  readonly authority?: string;
  /** `<id>@<generation>`. */
  readonly consent?: string;
  /** `<authority>/<id>`; the authority ends at the first slash. */
  readonly credential?: string;
  /** A client whose key rotates. */
  readonly client?: string;
}

const pageEntries = 100;

const shown = z.object({
  id: z.string(),
  kind: z.string(),
  at: z.string(),
  changes: z.array(z.object({ item: z.string(), from: z.string().nullable(), to: z.string() })),
  /** Who did it and why, where a person did. */
  facts: z.object({ by: z.string().optional(), reason: z.string().optional() }),
});

/** `rescind ledger show`: what the ledger says of one thing, the newest last. */
export async function showLedger(options: ShowLedger): Promise<Report> {
  const subject = subjectOf(options);
  const ledger = openLedger();
  const entries: unknown[] = [];
  const lines: string[] = [];
  let after: string | undefined;
  do {
    const page = await ledger.entriesOf(subject, { after, limit: pageEntries });
    for (const { body } of page.entries) {
      const entry: unknown = JSON.parse(body);
      entries.push(entry);
      const { at, kind, id, changes, facts } = shown.parse(entry);
      lines.push(
        say`${at}  ${kind.padEnd(10)} ${id}`,
        ...(facts.by === undefined
          ? []
          : [say`    by ${facts.by}${facts.reason === undefined ? '' : `: ${facts.reason}`}`]),
        ...changes.map(({ item, from, to }) => say`    ${item}: ${from ?? '-'} -> ${to}`),
      );
    }
    after = page.next;
  } while (after !== undefined);
  if (entries.length === 0)
    throw new CommandFailed('checkFailed', say`the ledger has no entry under ${subject}`);
  return { result: { subject, entries }, lines };
}

function subjectOf(options: ShowLedger): string {
  const [name, value] = onlyOne(options, 'case', 'partner', 'authority', 'consent', 'credential', 'client');
  switch (name) {
    case 'case':
      return `case/${value}`;
    case 'partner':
      return partnerName(value);
    case 'authority':
      return authorityName(value);
    case 'consent':
      return consentName(parseConsent(value));
    case 'credential':
      return credentialName(parseCredential(value));
    case 'client':
      return clientName(value);
  }
}
