import type { Holder } from '../../aws/dynamodb/readers/inventory.ts';
import {
  type Credential,
  credentialKinds,
  type CredentialState,
  credentialTransitions,
} from '../../domain/inventory/credential.ts';
import { partnerId } from '../../domain/ids.ts';
import { consentName, partnerName } from '../../domain/names.ts';
import type { CaseSubject } from '../../domain/subject.ts';
import { CommandFailed, type Note, type Report } from '../output.ts';
import { columns, say, shell } from '../printable.ts';
import { onlyOne, parseConsent } from '../subjects.ts';
import { openInventory, openRegistry } from '../tables.ts';
import { shortId, shortLines } from '../short-id.ts';
import { type CredentialFilter, selectCredentials, type Selected } from './select-credentials.ts';

export interface ListInventory extends CredentialFilter {
  readonly partner?: string;
  /** `<id>@<generation>`. */
  readonly consent?: string;
  /** At most this many are shown. */
  readonly limit: number;
  /** Where an earlier list ended. */
  readonly after?: string;
}

export const inventoryStates = Object.keys(credentialTransitions) as CredentialState[];
export const inventoryKinds = credentialKinds;

/** A filter that matches little still ends: after this many that were looked at, the list goes on with its token. */
export const lookedAtMax = 5_000;

/** `rescind inventory list`: the credentials of a partner or a consent, as they stand; those that match, page by page. */
export async function listInventory(options: ListInventory, note: Note): Promise<Report> {
  const holder = holderOf(options);
  if (options.authority !== undefined) checkId('authority', options.authority);
  const list = listName(holder, options);
  const after = options.after === undefined ? undefined : positionOf(options.after, list);
  const inventory = openInventory();
  const selected = await selectCredentials(inventory.list(holder, after), options, {
    limit: options.limit,
    lookedAtMax,
  });
  const { found, next, looked } = selected;
  if (looked === 0 && after === undefined) await checkPartner(holder);
  const subjects = new Map(found.map((one) => [one, subjectsOf(one)]));
  const isHeld = await inventory.held([...subjects.values()].flat());
  const rows = found.map((credential) => ({
    credential,
    held: (subjects.get(credential) ?? []).filter(isHeld).map(({ type }) => type),
  }));
  const token = next && tokenOf(next.after, list);
  if (token !== undefined)
    note(
      next?.because === 'looked-enough'
        ? `looked at ${looked} credentials, and no further: there may be more: --after ${token}`
        : `there is more: --after ${token}`,
    );
  const lines = columns([
    ['CREDENTIAL', 'KIND', 'STATE', 'CONSENT', 'EXPIRES', 'HELD'],
    ...rows.map(({ credential: { authority, id, kind, state, consent, expiresAt }, held: by }) => [
      `${authority}/${shortId(id)}`,
      kind,
      state,
      consent ? `${consent.id}@${consent.generation}` : '-',
      expiresAt ?? '-',
      by.join(', '),
    ]),
  ]).concat(shortLines(found));
  const result = {
    credentials: rows.map(({ credential, held: by }) => ({
      ...shown(credential),
      held: by.length > 0,
      heldBy: by,
    })),
    looked,
    ...(token !== undefined && { next: token }),
  };
  return { result, lines: rows.length > 0 ? lines : [nothing(list, selected, after !== undefined)] };
}

function holderOf(options: ListInventory): Holder {
  const [name, value] = onlyOne(options, 'partner', 'consent');
  if (name === 'consent') return { type: 'consent', ...parseConsent(value) };
  checkId(name, value);
  return { type: 'partner', id: partnerId(value) };
}

/** An empty list of nobody would read as one of a partner who has nothing. */
async function checkPartner(holder: Holder): Promise<void> {
  if (holder.type !== 'partner' || (await openRegistry().partners.find(holder.id))) return;
  throw new CommandFailed(
    'checkFailed',
    say`there is no partner ${holder.id}: look at the id; rescind register puts one there`,
  );
}

function checkId(option: string, id: string): void {
  if (!/^[\x21-\x7e]{1,128}$/.test(id))
    throw new CommandFailed(
      'usage',
      say`--${option} ${shell(id)}: write an id, 1 to 128 printable ASCII characters without spaces`,
    );
}

/** What is listed, in the words of the command: `consent/c-1@1 --state live`. */
function listName(holder: Holder, { state, kind, authority }: CredentialFilter): string {
  const name = holder.type === 'partner' ? partnerName(holder.id) : consentName(holder);
  return shell(
    name,
    ...Object.entries({ state, kind, authority }).flatMap(([option, value]) =>
      value === undefined ? [] : [`--${option}`, value],
    ),
  );
}

/** A list without rows says what was looked for, and among how many. */
function nothing(list: string, { next, looked }: Selected, further: boolean): string {
  const what = `no ${further ? 'further ' : ''}credential of ${list}`;
  if (next) return `${what} among ${looked}`;
  return looked === 0 ? what : `${what}: looked at ${looked}`;
}

/** What a hold on this credential may stand on. */
const subjectsOf = ({ authority, id, partner, consent }: Credential): readonly CaseSubject[] => [
  { type: 'partner', id: partner },
  ...(consent ? [{ type: 'consent', id: consent.id } as const] : []),
  { type: 'credential', authority, id },
];

/** Never the handle: it opens to the token. */
const shown = ({ authority, id, kind, state, partner, consent, client, expiresAt }: Credential) => ({
  ...{ authority, id, kind, state, partner, consent, client, expiresAt },
});

/** One word for a shell, good for the same list only: under another filter it would pass over what matches. */
const tokenOf = (after: string, list: string): string =>
  Buffer.from(JSON.stringify([list, after])).toString('base64url');

function positionOf(token: string, list: string): string {
  const [of, after] = readToken(token);
  if (of === undefined || after === undefined)
    throw new CommandFailed('usage', say`--after ${token}: is no token of a list; take what a list printed`);
  if (of !== list)
    throw new CommandFailed(
      'usage',
      say`--after: is a token of the list of ${of}, and this is the list of ${list}: name the same, or leave --after out`,
    );
  return after;
}

function readToken(token: string): readonly [of?: string, after?: string] {
  try {
    const [of, after] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown[];
    // a partition and a key in it
    if (typeof of === 'string' && typeof after === 'string' && /^\d+\|./s.test(after)) return [of, after];
  } catch {
    // it is none
  }
  return [];
}
