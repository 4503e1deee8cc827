import {
  authorityName,
  clientName,
  consentName,
  credentialName,
  partnerName,
} from '../../../domain/names.ts';
import { openLedger } from '../../ledger.ts';
import { CommandFailed, type Report } from '../../output.ts';
import { say, shell } from '../../printable.ts';
import { onlyOne, parseConsent, parseCredential } from '../../subjects.ts';
import { explainAttempts } from '../explain-attempts.ts';
import { type Asked, casesAbout } from './cases-about.ts';
import { entryLines, type ShownEntry, shownEntry } from './ledger-lines.ts';

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

/** At most this many cases are named; their entries name further ones. */
const casesNamed = 20;

/** `rescind ledger show`: the entries of the ledger about one subject, newest last, and the cases with further entries. */
export async function showLedger(options: ShowLedger): Promise<Report> {
  const asked: Asked = onlyOne(options, 'case', 'partner', 'authority', 'consent', 'credential', 'client');
  const subject = subjectOf(asked);
  const ledger = openLedger();
  const entries: unknown[] = [];
  const shown: ShownEntry[] = [];
  let after: string | undefined;
  do {
    const page = await ledger.entriesOf(subject, { after, limit: pageEntries });
    for (const { body } of page.entries) {
      const entry: unknown = JSON.parse(body);
      entries.push(entry);
      shown.push(shownEntry.parse(entry));
    }
    after = page.next;
  } while (after !== undefined);
  if (entries.length === 0)
    throw new CommandFailed('checkFailed', say`the ledger has no entry under ${subject}: check the id`);
  const hasEntries = async (of: string) =>
    (await ledger.entriesOf(of, { after: undefined, limit: 1 })).entries.length > 0;
  const cases = await casesAbout(asked, shown, hasEntries);
  return {
    result: { subject, entries, cases },
    lines: [...shown.flatMap(entryLines), ...legendLines(shown), ...seeAlso(cases)],
  };
}

/** Explains each outcome/verdict that the entries show. */
function legendLines(shown: readonly ShownEntry[]): string[] {
  const results = shown.flatMap(({ facts: { attempts = [] } }) =>
    attempts.map(({ outcome, verdict }) => `${outcome}/${verdict}`),
  );
  return results.length === 0
    ? []
    : ['the attempts at credentials are shown as outcome/verdict:', ...explainAttempts(results)];
}

function seeAlso(cases: readonly string[]): string[] {
  const more = cases.length - casesNamed;
  return [
    ...cases
      .slice(0, casesNamed)
      .map((id) => `see also  ${shell('rescind', 'ledger', 'show', '--case', id)}`),
    ...(more > 0 ? [`          and ${more} more cases: --json names them all`] : []),
  ];
}

function subjectOf([name, value]: Asked): string {
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
