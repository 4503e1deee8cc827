import { readFileSync, statSync } from 'node:fs';
import * as z from 'zod';
import { explain } from '../../wire/explain.ts';
import type { AnswerOf, OperateMessage } from '../../wire/operate.ts';
import { authorityRegistration, clientRegistration, partnerRegistration } from '../../wire/registration.ts';
import { type Ask, expecting } from '../door.ts';
import { CommandFailed, type Report } from '../output.ts';
import { say } from '../printable.ts';

/** A file has at most this many things: more are not written by a person. */
export const thingsMax = 1_000;

/** A file is at most this large: a thousand registrations are much smaller. */
const fileBytesMax = 4 * 1024 * 1024;

const registrations = {
  partner: partnerRegistration,
  authority: authorityRegistration,
  client: clientRegistration,
} as const;
type Thing = keyof typeof registrations;

const howToWrite = 'write {"partner": {…}}, {"authority": {…}} or {"client": {…}}, or an array of these';

type Registered = AnswerOf<'registered' | 'outdated' | 'asked' | 'refused'>;

/**
 * `rescind register FILE`: registers the things in the file, in their order. All of them are checked before the first is sent. The
 * command stops at the first that is refused or waits for a second operator, because the following ones may depend on it.
 */
export async function register(file: string, ask: Ask): Promise<Report> {
  const orders = readOrders(readText(file));
  const done: Registered[] = [];
  for (const order of orders) {
    const answer = expecting(await ask(order), 'registered', 'outdated', 'asked', 'refused');
    done.push(answer);
    if (answer.kind === 'refused' || answer.kind === 'asked') break;
  }
  const last = done.at(-1);
  const left = orders.length - done.length;
  return {
    result: { things: done, notSent: left },
    lines: [
      ...done.map(lineOf),
      ...(left > 0
        ? [
            `not sent    ${left} more after this one: ${last?.kind === 'asked' ? 'the second operator’s run sends them' : 'correct it, and register the file again'}`,
          ]
        : []),
    ],
    ends:
      last?.kind === 'refused'
        ? last.code === 'malformed'
          ? 'usage'
          : 'refused'
        : last?.kind === 'asked'
          ? 'incomplete'
          : 'done',
  };
}

function lineOf(answer: Registered): string {
  switch (answer.kind) {
    case 'registered':
      return say`registered  ${answer.subject}  revision ${answer.revision}`;
    case 'outdated':
      return say`outdated    ${answer.subject}  revision ${answer.revision} is registered already: nothing was changed; a change needs a higher revision`;
    case 'asked':
      return say`asked       ${answer.what}  by ${answer.by}: nothing is changed until a second operator registers the same file, before ${answer.until}`;
    case 'refused':
      return say`refused     (${answer.code}) ${answer.reason}`;
  }
}

/** Reads the file, or stdin for `-`. */
function readText(file: string): string {
  try {
    if (file !== '-' && statSync(file).size > fileBytesMax)
      throw new CommandFailed('usage', say`${file} is larger than ${fileBytesMax} bytes: split it`);
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    if (error instanceof CommandFailed) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new CommandFailed('usage', say`${file} cannot be read: ${String(code)}`);
  }
}

function readOrders(text: string): readonly OperateMessage[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new CommandFailed('usage', say`the file is not JSON: ${String(error)}; ${howToWrite}`);
  }
  const things: readonly unknown[] = Array.isArray(json) ? json : [json];
  if (things.length === 0 || things.length > thingsMax)
    throw new CommandFailed(
      'usage',
      `the file has ${things.length} things, and can have 1 to ${thingsMax}: ${howToWrite}`,
    );
  return things.map((thing, index) => orderOf(thing, Array.isArray(json) ? `thing ${index + 1}: ` : ''));
}

const object = z.record(z.string(), z.unknown());

function orderOf(thing: unknown, where: string): OperateMessage {
  const { data = {} } = object.safeParse(thing);
  const [name, ...more] = Object.keys(data);
  if (name === undefined || more.length > 0 || !isThing(name))
    throw new CommandFailed('usage', `${where}${howToWrite}`);
  const value = data[name];
  const parsed = registrations[name].safeParse(value);
  if (!parsed.success)
    throw new CommandFailed('usage', say`${where}${name}: ${explain(parsed.error, `this ${name}`)}`);
  const [stray] = strays(value, parsed.data);
  // without this check a misspelt member would be ignored silently
  if (stray !== undefined)
    throw new CommandFailed('usage', say`${where}${name}: there is no member ${stray}: check its spelling`);
  return { command: `register-${name}`, [name]: value } as unknown as OperateMessage;
}

const isThing = (name: string): name is Thing => Object.hasOwn(registrations, name);

/** Lists members that the schema does not know. */
function strays(sent: unknown, parsed: unknown, path = ''): string[] {
  if (typeof sent !== 'object' || sent === null || typeof parsed !== 'object' || parsed === null) return [];
  return Object.entries(sent).flatMap(([name, value]) =>
    Object.hasOwn(parsed, name)
      ? strays(value, (parsed as Record<string, unknown>)[name], `${path}${name}.`)
      : [`${path}${name}`],
  );
}
