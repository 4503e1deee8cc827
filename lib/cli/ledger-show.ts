import * as z from 'zod';
import { authorityName, consentName, credentialName, partnerName } from '../domain/names.ts';
import { authorityId, credentialId } from '../domain/ids.ts';
import { openLedger } from './ledger.ts';
import { CommandFailed, print } from './output.ts';

export interface ShowLedger {
  readonly case?: string;
  readonly partner?: string;
  readonly authority?: string;
  /** `<id>@<generation>`. */
  readonly consent?: string;
  /** `<authority>/<id>`; the authority ends at the first slash. */
  readonly credential?: string;
  readonly json: boolean;
}

const pageEntries = 100;

const shown = z.object({
  id: z.string(),
  kind: z.string(),
  at: z.string(),
  changes: z.array(z.object({ item: z.string(), from: z.string().nullable(), to: z.string() })),
});

/** `rescind ledger show`: what the ledger says of one thing, the newest last. */
export async function showLedger(options: ShowLedger): Promise<void> {
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
      const { at, kind, id, changes } = shown.parse(entry);
      lines.push(
        `${at}  ${kind.padEnd(10)} ${id}`,
        ...changes.map(({ item, from, to }) => `    ${item}: ${from ?? '-'} -> ${to}`),
      );
    }
    after = page.next;
  } while (after !== undefined);
  if (entries.length === 0)
    throw new CommandFailed('checkFailed', `the ledger has no entry under ${subject}`);
  print({ subject, entries }, lines.join('\n'), options.json);
}

function subjectOf({ case: id, partner, authority, consent, credential }: ShowLedger): string {
  const given = [id, partner, authority, consent, credential].filter((one) => one !== undefined);
  if (given.length !== 1)
    throw new CommandFailed(
      'usage',
      'name exactly one of --case, --partner, --authority, --consent, --credential',
    );
  if (id !== undefined) return `case/${id}`;
  if (partner !== undefined) return partnerName(partner);
  if (authority !== undefined) return authorityName(authority);
  if (consent !== undefined) {
    const [, name = '', generation = ''] = /^(.+)@(\d+)$/.exec(consent) ?? [];
    if (name === '')
      throw new CommandFailed('usage', `--consent ${consent}: write <id>@<generation>, such as consent-1@1`);
    return consentName({ id: name, generation: Number(generation) });
  }
  const [, at = '', name = ''] = /^([^/]+)\/(.+)$/.exec(credential ?? '') ?? [];
  if (name === '')
    throw new CommandFailed('usage', `--credential ${credential}: write <authority>/<id>, such as bank/rt-1`);
  return credentialName({ authority: authorityId(at), id: credentialId(name) });
}
