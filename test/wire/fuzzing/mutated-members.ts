import fc from 'fast-check';
import type { DetailType } from '../../../lib/wire/events-in.ts';
import type { Member } from '../../../lib/wire/members.ts';
import { type Json, setMember } from '../announcements.ts';
import {
  exampleOfType,
  kindOf,
  type Made,
  madeOf,
  membersOfType,
  namingMember,
  type Sender,
  telling,
  types,
} from './made.ts';
import { type Wrong, wrongValues } from './wrong-values.ts';

/** Of a form that was mutated in every way before, a member gets this many ways. */
const waysAgain = 3;

/** Events of which several members are wrong at once. */
const together = 40;

/** One member at a time: each is missing where it is required, and has values that do not fit it. */
export function mutatedMembers(sender: Sender): readonly Made[] {
  const seen = new Set<string>();
  return types.flatMap((type) =>
    membersOfType(type).flatMap((member, index) => {
      const all = wrongOf(member);
      const kind = kindOf(member.form);
      const wrongs = seen.has(kind) ? some(all, waysAgain, index) : all;
      seen.add(kind);
      return [
        ...(member.required ? [mutated(sender, type, member, { label: 'missing', value: undefined })] : []),
        ...wrongs.map((wrong) => mutated(sender, type, member, wrong)),
      ];
    }),
  );
}

/** `null` is absence, and wrong only where the member is required. */
const wrongOf = ({ form, path, required }: Member): readonly Wrong[] =>
  wrongValues(form, path).filter(({ value }) => required || value !== null);

/** Two or three members at a time, none inside another. */
export function mutatedTogether(sender: Sender): readonly Made[] {
  return Array.from({ length: together }, (_, number) => {
    const [type = 'Consent Granted'] = some(types, 1, number);
    const values = membersOfType(type).filter(({ form }) => !form.properties);
    const members = some(values, 2 + (number % 2), number);
    const wrongs = members.map((member) => ({
      path: member.path,
      wrong: some(wrongOf(member), 1, number)[0],
    }));
    return madeOf(
      sender,
      type,
      wrongs.reduce(
        (detail: Json, { path, wrong }) => setMember(detail, path, wrong?.value),
        exampleOfType(type),
      ),
      {
        label: `${number}: ${wrongs.map(({ path, wrong }) => `${path} is ${wrong?.label}`).join(', ')}`,
        names: wrongs.map(({ path }) => namingMember(path)),
        sent: wrongs.flatMap(({ wrong }) => telling(wrong?.value)),
      },
    );
  });
}

function mutated(sender: Sender, type: DetailType, { path }: Member, { label, value }: Wrong): Made {
  return madeOf(sender, type, setMember(exampleOfType(type), path, value), {
    label: `${path} is ${label}`,
    names: [namingMember(path)],
    sent: value === undefined ? [] : telling(value),
  });
}

/** The same choice at each run. */
const some = <Item>(items: readonly Item[], count: number, seed: number): readonly Item[] =>
  fc.sample(
    fc.shuffledSubarray([...items], {
      minLength: Math.min(count, items.length),
      maxLength: Math.min(count, items.length),
    }),
    { numRuns: 1, seed },
  )[0] ?? [];
