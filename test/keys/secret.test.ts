import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../lib/domain/secret.ts';
import { canary } from './tokens.ts';

const secret = new Secret(canary);
/** What the compiler would let pass where somebody casts. */
const printable = secret as unknown as string;

function printed(value: unknown): string {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const console = new Console(sink, sink);
  console.log(value);
  console.error('%s %o %O %j', value, value, value, value);
  console.dir(value, { showHidden: true, depth: 9 });
  console.table([value]);
  return lines.join('');
}

describe('a secret', () => {
  it('gives its value to whoever asks for it', () => {
    expect(secret.reveal()).toBe(canary);
  });

  it.each<[string, () => string]>([
    ['String', () => String(secret)],
    ['a template', () => `${printable}`],
    ['concatenation', () => 'token ' + printable],
    ['toLocaleString', () => secret.toLocaleString()],
    ['JSON', () => JSON.stringify(secret)],
    ['JSON inside other things', () => JSON.stringify({ list: [{ secret }] })],
    ['inspect', () => inspect(secret, { showHidden: true, depth: 9 })],
    ['inspect inside other things', () => inspect({ list: [new Map([['a', secret]])] }, { depth: 9 })],
    ['format', () => format('%s %o %O %j', secret, secret, secret, secret)],
    ['console', () => printed(secret)],
    ['console inside other things', () => printed({ secret })],
    ['the message of an error', () => new Error(`failed: ${printable}`).message],
    ['the cause of an error', () => inspect(new Error('failed', { cause: secret }))],
    ['its own keys', () => JSON.stringify([Object.entries(secret), Reflect.ownKeys(secret).map(String)])],
    ['a clone', () => inspect(structuredClone({ secret }), { showHidden: true })],
    ['a copy', () => inspect(Object.assign({}, secret), { showHidden: true })],
  ])('shows nothing of itself to %s', (_, show) => {
    expect(show()).not.toContain('CANARY');
  });

  it('says that it is one', () => {
    expect([String(secret), JSON.stringify(secret), inspect(secret)]).toEqual([
      '[secret]',
      '"[secret]"',
      '[secret]',
    ]);
  });
});
