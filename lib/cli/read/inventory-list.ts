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

/** A list stops after reading this many credentials, so that a filter that matches little still ends; its token continues it. */
export const lookedAtMax = 5_000;

/** `rescind inventory list`: the credentials of a partner or a consent that match, page by page. */
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
        ? `stopped after reading ${looked} credentials; there may be more: --after ${token}`
        : `there are more: --after ${token}`,
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

/** Throws for an unknown partner: an empty list would read like that of a partner without credentials. */
async function checkPartner(holder: Holder): Promise<void> {
  if (holder.type !== 'partner' || (await openRegistry().partners.find(holder.id))) return;
  throw new CommandFailed(
    'checkFailed',
    say`there is no partner ${holder.id}: check the id, or register the partner (rescind register)`,
  );
}

function checkId(option: string, id: string): void {
  if (!/^[\x21-\x7e]{1,128}$/.test(id))
    throw new CommandFailed(
      'usage',
      say`--${option} ${shell(id)}: write an id, 1 to 128 printable ASCII characters without spaces`,
    );
}

/** The name of the list in the words of the command: `consent/c-1@1 --state live`. */
function listName(holder: Holder, { state, kind, authority }: CredentialFilter): string {
  const name = holder.type === 'partner' ? partnerName(holder.id) : consentName(holder);
  return shell(
    name,
    ...Object.entries({ state, kind, authority }).flatMap(([option, value]) =>
      value === undefined ? [] : [`--${option}`, value],
    ),
  );
}

/** The line of an empty list: what was looked for, and among how many. */
function nothing(list: string, { next, looked }: Selected, further: boolean): string {
  const what = `no ${further ? 'further ' : ''}credential of ${list}`;
  if (next) return `${what} among the first ${looked}`;
  return looked === 0 ? what : `${what} among ${looked}`;
}

/** The subjects whose holds cover this credential. */
const subjectsOf = ({ authority, id, partner, consent }: Credential): readonly CaseSubject[] => [
  { type: 'partner', id: partner },
  ...(consent ? [{ type: 'consent', id: consent.id } as const] : []),
  { type: 'credential', authority, id },
];

/** Leaves out the handle: it opens to the token. */
const shown = ({ authority, id, kind, state, partner, consent, client, expiresAt }: Credential) => ({
  ...{ authority, id, kind, state, partner, consent, client, expiresAt },
});

/** One word for a shell, valid for the same list only: with another filter it would skip matches. */
const tokenOf = (after: string, list: string): string =>
  Buffer.from(JSON.stringify([list, after])).toString('base64url');

function positionOf(token: string, list: string): string {
  const [of, after] = readToken(token);
  if (of === undefined || after === undefined)
    throw new CommandFailed(
      'usage',
      say`--after ${token}: this is not the token of a list; use the one that a list printed`,
    );
  if (of !== list)
    throw new CommandFailed(
      'usage',
      say`--after: this token continues the list of ${of}, and this is the list of ${list}: use the same options, or leave --after out`,
    );
  return after;
}

function readToken(token: string): readonly [of?: string, after?: string] {
  try {
    const [of, after] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown[];
    // a partition and a key in it
    if (typeof of === 'string' && typeof after === 'string' && /^\d+\|./s.test(after)) return [of, after];
  } catch {
    // not a token
  }
  return [];
}
