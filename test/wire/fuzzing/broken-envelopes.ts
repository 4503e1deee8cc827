import { type Json, setMember } from '../announcements.ts';
import { bodyOf, exampleOfType, type Made, madeOf, type Sender, telling, types } from './made.ts';
import { canary } from './wrong-values.ts';

const noneOf = /detail-type must be one of: Consent Granted, /;
const notAnEvent = (member: string): RegExp => new RegExp(`^not an EventBridge event: ${member}: `);

/** Detail-types that nobody hears, around details that would be heard under their own. */
export function unknownTypes(sender: Sender): readonly Made[] {
  const spellings = types.flatMap((type) =>
    [
      type.toLowerCase(),
      type.replace(' ', ''),
      type.replace(' ', '-').toLowerCase(),
      `${type} `,
      type.replace(' ', '\u00a0'),
      `${type}\u200b`,
    ].map((spelling) => ({ type, spelling })),
  );
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'Consent Paused'].map(
    (spelling) => ({
      type: 'Consent Withdrawn' as const,
      spelling,
    }),
  );
  return [...spellings, ...names].map(({ type, spelling }) =>
    madeOf(sender, spelling, exampleOfType(type), {
      label: `in place of ${type}`,
      names: [noneOf],
      code: 'unknown-type',
    }),
  );
}

/** Envelopes as no bus writes them, and senders that are on no list. */
export function brokenEnvelopes(sender: Sender): readonly Made[] {
  const type = 'Consent Withdrawn';
  const detail = exampleOfType(type);
  const whole = JSON.parse(bodyOf(sender, type, JSON.stringify(detail))) as Json;
  const made = (label: string, envelope: Json, what: Pick<Made, 'names'> & Partial<Made>): Made => ({
    label: `envelope: ${label}`,
    body: JSON.stringify({ ...envelope, note: `${canary} ${label}` }),
    code: 'malformed',
    sent: [],
    ...what,
  });
  const texts = ['id', 'source', 'account', 'time', 'detail-type'];
  const wrongs = [undefined, null, 7, true, [canary], { [canary]: canary }];
  return [
    ...texts.flatMap((member) =>
      wrongs.map((value) =>
        made(`${member} is ${JSON.stringify(value) ?? 'missing'}`, setMember(whole, member, value), {
          names: [notAnEvent(member)],
        }),
      ),
    ),
    ...[undefined, null, 7, canary, [detail], JSON.stringify(detail)].map((value, index) =>
      made(`detail is no object (${index})`, setMember(whole, 'detail', value), {
        names: [notAnEvent('detail')],
        sent: telling(value ?? null),
      }),
    ),
    made('under __proto__', JSON.parse(`{"__proto__":${JSON.stringify(whole)}}`) as Json, {
      names: [notAnEvent('id')],
    }),
    ...['999999999999', '', 'somebody', '__proto__', `${sender.account} `].map((account) =>
      foreign(`account ${JSON.stringify(account)}`, { ...sender, account }),
    ),
    ...[
      'somebody.else',
      sender.source.toUpperCase(),
      `${sender.source} `,
      `${sender.source}.x`,
      '__proto__',
    ].map((source) => foreign(`source ${JSON.stringify(source)}`, { ...sender, source })),
    ...['id', 'source', 'account', 'time'].flatMap((member) =>
      [
        { label: 'half of a surrogate pair', value: 'x\ud800' },
        { label: '500 KB', value: 'x'.repeat(500_000) },
      ].map(({ label, value }) =>
        made(`${member} of ${label}`, setMember(whole, member, value), { names: [notAnEvent(member)] }),
      ),
    ),
    madeOf(sender, `${'x'.repeat(127)}\u{1f600}`, detail, {
      label: 'a surrogate pair at its 128th character',
      names: [noneOf],
      code: 'unknown-type',
      entry: undefined,
    }),
  ];
}

/** Straight into the queue: the policy of the bus lets nobody put what is not listed. */
function foreign(label: string, sender: Sender): Made {
  return {
    ...madeOf(sender, 'Consent Withdrawn', exampleOfType('Consent Withdrawn'), {
      label: `foreign ${label}`,
      names: [/account and source must be in the context key "senders"/],
      code: 'foreign',
      sent: telling(label.includes('account') ? sender.account : sender.source),
    }),
    entry: undefined,
  };
}

/** What is no JSON, or no JSON object. */
export function brokenBodies(sender: Sender): readonly Made[] {
  const body = bodyOf(sender, 'Consent Withdrawn', JSON.stringify(exampleOfType('Consent Withdrawn')));
  const made = (label: string, text: string, names: RegExp): Made => ({
    label: `body: ${label}`,
    body: text,
    code: 'malformed',
    names: [names],
    sent: [],
  });
  const notJson = /^the message is not JSON$/;
  return [
    ...[1, 2, 30, Math.floor(body.length / 2), body.length - 1].map((length) =>
      made(`cut after ${length} characters`, body.slice(0, length), notJson),
    ),
    made('empty', '', notJson),
    made('a blank', ' ', notJson),
    made('a word', canary, notJson),
    made('a byte order mark before it', `\ufeff${body}`, notJson),
    made('twice in one message', body + body, notJson),
    made('a comma too many', body.replace(/\}$/, ',}'), notJson),
    made('a comment', `${body}//${canary}`, notJson),
    made('single quotes', body.replaceAll('"', "'"), notJson),
    made('NaN', `{"${canary}":NaN}`, notJson),
    made('a line break in a text', `{"${canary}":"\n"}`, notJson),
    made('null', 'null', notAnEvent('the detail')),
    made('a number', '7', notAnEvent('the detail')),
    made('a text of the event', JSON.stringify(body), notAnEvent('the detail')),
    made('a list of the event', `[${body}]`, notAnEvent('the detail')),
    made('deep nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, notAnEvent('the detail')),
    made('300 KB of a text', JSON.stringify(canary.padEnd(300_000, 'x')), notAnEvent('the detail')),
  ];
}
