import type { Holder, Listed } from '../../aws/dynamodb/inventory.ts';
import {
  type Credential,
  type CredentialKind,
  credentialKinds,
  type CredentialState,
  credentialTransitions,
} from '../../domain/credential.ts';
import { partnerId } from '../../domain/ids.ts';
import { consentName, partnerName } from '../../domain/names.ts';
import type { CaseSubject } from '../../domain/subject.ts';
import { CommandFailed, type Note, type Report } from '../output.ts';
import { columns, say } from '../printable.ts';
import { onlyOne, parseConsent } from '../subjects.ts';
import { openInventory } from '../tables.ts';

export interface ListInventory {
  readonly partner?: string;
  /** `<id>@<generation>`. */
  readonly consent?: string;
  readonly state?: CredentialState;
  readonly kind?: CredentialKind;
  /** At most this many are shown. */
  readonly limit: number;
  /** Where an earlier list ended. */
  readonly after?: string;
}

export const inventoryStates = Object.keys(credentialTransitions) as CredentialState[];
export const inventoryKinds = credentialKinds;

/** A filter that matches little still ends: after this many that were looked at, the list goes on with its token. */
export const lookedAtMax = 5_000;

/** `rescind inventory list`: the credentials of a partner or a consent, as they stand. */
export async function listInventory(options: ListInventory, note: Note): Promise<Report> {
  const holder = holderOf(options);
  const { list, held } = openInventory();
  const after = options.after === undefined ? undefined : positionOf(options.after, holder);
  const { found, next } = await select(list(holder, after), options);
  const subjects = new Map(found.map((one) => [one, subjectsOf(one)]));
  const isHeld = await held([...subjects.values()].flat());
  const rows = found.map((credential) => ({
    credential,
    held: (subjects.get(credential) ?? []).filter(isHeld).map(({ type }) => type),
  }));
  const token = next === undefined ? undefined : tokenOf(next, holder);
  if (token !== undefined) note(`there is more: --after ${token}`);
  const lines = columns([
    ['CREDENTIAL', 'KIND', 'STATE', 'CONSENT', 'EXPIRES', 'HELD'],
    ...rows.map(({ credential: { authority, id, kind, state, consent, expiresAt }, held: by }) => [
      `${authority}/${id}`,
      kind,
      state,
      consent ? `${consent.id}@${consent.generation}` : '-',
      expiresAt ?? '-',
      by.join(', '),
    ]),
  ]);
  const result = {
    credentials: rows.map(({ credential, held: by }) => ({
      ...shown(credential),
      held: by.length > 0,
      heldBy: by,
    })),
    ...(token !== undefined && { next: token }),
  };
  return {
    result,
    lines: rows.length > 0 ? lines : [token === undefined ? 'no credential' : 'no match so far'],
  };
}

function holderOf(options: ListInventory): Holder {
  const [name, value] = onlyOne(options, 'partner', 'consent');
  if (name === 'partner') return { type: 'partner', id: partnerId(value) };
  return { type: 'consent', ...parseConsent(value) };
}

/** The first that match, and the position to go on from, unless the end was reached. */
async function select(pages: AsyncIterable<readonly Listed[]>, { state, kind, limit }: ListInventory) {
  const found: Credential[] = [];
  let [looked, next] = [0, undefined as string | undefined];
  for await (const page of pages)
    for (const { credential, after } of page) {
      if (found.length >= limit || looked >= lookedAtMax) return { found, next };
      looked += 1;
      next = after;
      if (state !== undefined && credential.state !== state) continue;
      if (kind !== undefined && credential.kind !== kind) continue;
      found.push(credential);
    }
  return { found };
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

const nameOf = (holder: Holder): string =>
  holder.type === 'partner' ? partnerName(holder.id) : consentName(holder);

/** One word for a shell, good for the same list only. */
const tokenOf = (after: string, holder: Holder): string =>
  Buffer.from(JSON.stringify([nameOf(holder), after])).toString('base64url');

function positionOf(token: string, holder: Holder): string {
  try {
    const [name, after] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown[];
    if (name === nameOf(holder) && typeof after === 'string') return after;
  } catch {
    // said below
  }
  throw new CommandFailed(
    'usage',
    say`--after ${token}: is no token of a list of ${nameOf(holder)}; take what that list printed`,
  );
}
