import { eventsIn } from '../../../lib/wire/events-in.ts';
import { type Json, setMember } from '../announcements.ts';
import { handleFor } from './example-of.ts';
import {
  bodyOf,
  exampleOfType,
  type Made,
  madeOf,
  madeOfText,
  membersOfType,
  namingMember,
  type Sender,
  types,
} from './made.ts';
import { canary } from './wrong-values.ts';

const noCanonicalForm = /the detail has no canonical JSON form \(RFC 8785\)/;

/** Details whose members fit one by one, and that are refused all the same. */
export function brokenRules(sender: Sender): readonly Made[] {
  return types.flatMap((type) => {
    const example = exampleOfType(type);
    const [first = '', ...required] = membersOfType(type)
      .filter((member) => member.required && !member.path.includes('.'))
      .map(({ path }) => path);
    const text = (over: object) => JSON.stringify({ ...example, ...over });
    const raw = (label: string, detail: string, what: Pick<Made, 'names'> & Partial<Made>): Made =>
      madeOfText(sender, type, detail, { ...what, label: `${type}: ${label}` });
    return [
      raw('all of it under __proto__', `{"__proto__":${text({ note: `${canary} ${type}` })}}`, {
        names: [namingMember(first)],
      }),
      ...[first, ...required].map((name) =>
        raw(
          `${name} twice, and wrong at last`,
          `${text({ note: `${canary} ${type} ${name}` }).slice(0, -1)},${JSON.stringify(name)}:null}`,
          { names: [namingMember(name)] },
        ),
      ),
      madeOf(
        sender,
        type,
        { ...example, other: `${canary} \ud800` },
        {
          label: 'half of a surrogate pair in a member that is not known',
          names: [noCanonicalForm],
        },
      ),
      madeOf(
        sender,
        type,
        { ...example, id: `${canary}\udfff` },
        {
          label: 'half of a surrogate pair in its id',
          names: [noCanonicalForm],
        },
      ),
      madeOf(
        sender,
        type,
        { ...example, [`${canary}\ud83d`]: 1 },
        {
          label: 'half of a surrogate pair in the name of a member',
          names: [noCanonicalForm],
        },
      ),
      madeOf(
        sender,
        type,
        { ...example, id: canary.padEnd(300_000, 'x') },
        {
          label: 'an id of 300 KB',
          names: [namingMember('id')],
        },
      ),
      pastTheBus(
        sender,
        type,
        `${text({ note: canary }).slice(0, -1)},"other":1e400}`,
        'a number beyond JSON',
      ),
      pastTheBus(
        sender,
        type,
        `${text({ note: canary }).slice(0, -1)},"other":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
        'nesting deeper than a stack',
      ),
      ...(Object.hasOwn(eventsIn[type].shape, 'credential') ? ofCredential(sender, type, example) : []),
    ];
  });
}

function ofCredential(sender: Sender, type: string, example: Json): readonly Made[] {
  const nameless = setMember(setMember(example, 'credential.id', undefined), 'credential.sha256', undefined);
  const made = (label: string, detail: Json, names: RegExp, code: Made['code'] = 'malformed') =>
    madeOf(sender, type, detail, { label, names: [names], code });
  const other = setMember(example, 'credential.handle', handleFor({ partner: `${canary}-victim` }));
  const unreadable = setMember(example, 'credential.handle', 'aa.bb.cc.dd.ee');
  const itself = { authority: 'credential.authority', id: 'credential.id' };
  return [
    made('neither id nor sha256', nameless, /credential\.id: must be given, or sha256 in its place/),
    made('a handle for another partner', other, /credential\.handle: /, 'transplanted'),
    made('a handle that says nothing', unreadable, /credential\.handle: /, 'transplanted'),
    ...['replaces', 'parent']
      .filter((name) => Object.hasOwn(example, name))
      .map((name) => made(`${name} is itself`, { ...example, [name]: itself }, namingMember(name))),
  ];
}

/** EventBridge would refuse or mend it: it can only come straight into the queue. */
const pastTheBus = (sender: Sender, type: string, detail: string, label: string): Made => ({
  label: `${type}: ${label}`,
  body: bodyOf(sender, type, detail),
  code: 'malformed',
  names: [noCanonicalForm],
  sent: [],
});
