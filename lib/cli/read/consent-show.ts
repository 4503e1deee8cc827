import { fenceOver } from '../../domain/decisions/above.ts';
import type { Fence } from '../../domain/case/fence.ts';
import { type ConsentId, consentId } from '../../domain/ids.ts';
import { CommandFailed, type Report } from '../output.ts';
import { columns, say, shell } from '../printable.ts';
import { shortLines } from '../short-id.ts';
import type { Branch } from './tree/arrange.ts';
import { generationsOf, type Held, lookAtConsent, type Looked } from './tree/look-at-consent.ts';
import { cellOf, hangsText, levelsMax, nestedOf, rowsOf, seeAbove } from './tree/rows.ts';

/** At most this many credentials are listed, over all generations: each costs a read or two. */
export const credentialsShown = 500;

/** A consent is granted again a few times in its life: at most this many generations are shown, the latest ones. */
export const generationsShown = 20;

/** `rescind consent show ID[@GENERATION]`: the generations of a consent, latest first, each with the tree of its credentials. */
export async function showConsent(text: string): Promise<Report> {
  const { id, generation } = parse(text);
  const { numbers, fence, whole } = await generationsOf(id);
  const wanted = generation === undefined ? numbers : [generation];
  const isKnown = wanted.some((one) => numbers.includes(one) || (fence && fence.generation >= one));
  if (!isKnown)
    throw new CommandFailed(
      'checkFailed',
      say`nothing is known of ${text}: no grant, no credential that names it, no fence; check the id${hint(text)}`,
    );
  const looked: Looked[] = [];
  for (const one of wanted.slice(0, generationsShown)) {
    const listed = looked.reduce((sum, { walked }) => sum + walked.grown.length, 0);
    looked.push(await lookAtConsent({ id, generation: one }, credentialsShown - listed));
  }
  const earlier = wanted.slice(generationsShown);
  return {
    result: { consent: id, generations: looked.map(resultOf), notShown: earlier, whole },
    lines: [
      ...looked.flatMap((one, index) => [...(index === 0 ? [] : ['']), ...linesOf(one)]),
      ...(earlier.length > 0
        ? [
            '',
            `and ${earlier.length} earlier generations, the latest of them: ${showing(id, earlier[0] ?? 0)}`,
          ]
        : []),
      ...(whole ? [] : ['not all generations were read: there are more']),
    ],
  };
}

/** Parses the argument. An id that itself ends in an at sign and a number must be written with its generation. */
function parse(text: string): { readonly id: ConsentId; readonly generation: number | undefined } {
  const [, id = text, generation] = /^(.+)@(\d{1,12})$/s.exec(text) ?? [];
  return { id: consentId(id), generation: generation === undefined ? undefined : Number(generation) };
}

/** A hint for a reader who meant a generation: the text behind the at sign is no number, so it was read as a part of the id. */
const hint = (text: string): string =>
  text.includes('@') && !/@\d{1,12}$/.test(text)
    ? '. For one generation write <id>@<generation>, such as consent-1@1'
    : '';

const showing = (id: string, generation: number): string =>
  shell('rescind', 'consent', 'show', `${id}@${generation}`);

function linesOf(looked: Looked): string[] {
  const { ref, consent, regime, above, heldBy } = looked;
  const fence = above.consent && above.consent.generation >= ref.generation ? above.consent : undefined;
  // a partner's fence counts in the revision that it is registered in
  const ofPartner = fenceOver({ partner: above.partner }, ref);
  return [
    say`consent   ${ref.id}@${ref.generation}`,
    say`state     ${stateOf(looked)}`,
    say`partner   ${consent?.partner ?? '-'}${regime === undefined ? '' : `, in regime ${regime}`}`,
    say`customer  ${consent?.customer ?? '-'}`,
    say`scopes    ${consent?.scopes.join(', ') || '-'}`,
    say`granted   ${consent?.grantedAt ?? '-'}`,
    say`expires   ${consent?.expiresAt ?? '-'}`,
    `fence     ${fence ? fenceText(fence, 'generation') : '-'}`,
    ...(ofPartner ? [`cut off   ${fenceText(ofPartner, 'revision')}`] : []),
    say`held      ${heldBy.join(', ') || '-'}`,
    ...treeLines(looked),
  ];
}

function stateOf({ ref, consent, above }: Looked): string {
  const fenced = fenceOver(above, ref) !== undefined;
  if (!consent) return fenced ? 'fenced; no grant was announced' : 'no grant was announced';
  return fenced && consent.state === 'granted'
    ? 'granted, but fenced: its credentials must die'
    : consent.state;
}

const fenceText = (fence: Fence, number: 'generation' | 'revision'): string =>
  say`${fence.at}  ${number} ${fence.generation}, raised by ${fence.case}`;

function treeLines(looked: Looked): string[] {
  const { ref, walked, forest } = looked;
  if (walked.grown.length === 0)
    return [
      walked.left === undefined
        ? 'no credential'
        : `credentials not listed here: ${showing(ref.id, ref.generation)}`,
    ];
  const rows = rowsOf(forest.branches).map(({ branch, depth }) => rowOf(branch, depth));
  return [
    ...columns([['CREDENTIAL', 'KIND', 'STATE', 'ORIGIN', 'EXPIRES', 'HELD'], ...rows]),
    ...shortLines(walked.grown),
    ...cutLines(looked),
    ...servesLines(looked),
  ];
}

function rowOf(branch: Branch<Held>, depth: number): readonly string[] {
  const { one, again } = branch;
  const name = cellOf(one, depth);
  if (again) return [name, seeAbove, '', hangsText(branch), '', ''];
  const { kind, state, expiresAt = '-', heldBy } = one;
  return [name, kind, state, hangsText(branch), expiresAt, heldBy.join(', ')];
}

/** Names the credentials that serve another active consent: their descendants are shown there. */
function servesLines({ walked }: Looked): string[] {
  const rows = walked.grown.flatMap(({ authority, id, serves }) =>
    serves ? [[`  ${authority}/${id}`, `serves ${serves.id}@${serves.generation}`]] : [],
  );
  if (rows.length === 0) return [];
  return [
    '',
    'these serve another active consent; their descendants are shown under that consent',
    ...columns(rows),
  ];
}

/** Says which rows are not shown, and how to see them. */
function cutLines({ ref, consent, walked, forest }: Looked): string[] {
  const [first] = walked.grown;
  const partner = consent?.partner ?? first?.partner;
  const list = (option: string, value: string) => shell('rescind', 'inventory', 'list', option, value);
  const rest = [
    `  all that name the consent: ${list('--consent', `${ref.id}@${ref.generation}`)}`,
    ...(partner === undefined ? [] : [`  all of the partner: ${list('--partner', partner)}`]),
  ];
  const lines = [
    ...(walked.left === 'more' ? [`there are more than these ${walked.grown.length} credentials`] : []),
    ...(walked.left === 'farther' ? [`there are more descendants, farther than ${levelsMax} steps`] : []),
    ...(forest.deeper > 0 ? [`${forest.deeper} more are deeper than ${levelsMax} levels`] : []),
  ];
  return lines.length > 0 ? [...lines, ...rest] : [];
}

function resultOf({ ref, consent, regime, above, heldBy, walked, forest }: Looked) {
  const fence = fenceOver(above, ref);
  return {
    generation: ref.generation,
    granted: consent !== undefined,
    ...consent,
    ...(regime !== undefined && { regime }),
    fenced: fence !== undefined,
    fence: above.consent && above.consent.generation >= ref.generation ? above.consent : null,
    cutOff: fenceOver({ partner: above.partner }, ref) ?? null,
    heldBy,
    credentials: nestedOf(forest.branches, told),
    listed: walked.grown.length,
    deeper: forest.deeper,
    left: walked.left ?? null,
  };
}

/** Leaves out handle and fingerprint. */
const told = ({ authority, id, kind, state, partner, consent, grant, client, ...more }: Held) => ({
  ...{ authority, id, kind, state, partner, consent, grant, client },
  expiresAt: more.expiresAt,
  condemnedBy: more.condemnedBy,
  serves: more.serves,
  held: more.heldBy.length > 0,
  heldBy: more.heldBy,
});
