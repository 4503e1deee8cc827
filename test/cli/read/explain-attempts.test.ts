import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainAttempts, sentenceOf } from '../../../lib/cli/read/explain-attempts.ts';

describe('explainAttempts', () => {
  it('explains each outcome, place and code once', () => {
    expect(
      explainAttempts([
        'unconfirmed/unknown revocation:timeout introspection:http-503',
        'unconfirmed/unknown revocation:timeout introspection:timeout',
        'accepted/dead',
      ]).map((line) => line.trim().split(/ {2,}/)[0]),
    ).toEqual(['unconfirmed/unknown', 'accepted/dead', 'revocation', 'introspection', 'timeout', 'http-503']);
  });

  it('leaves out unknown codes, also those that are names of object members', () => {
    expect(explainAttempts(['constructor toString:__proto__ x/y z:\u001b'])).toEqual([]);
  });

  // the types of the codes hold the others
  it('has a sentence for each code that a connector or a worker writes', () => {
    const codes = ['lib/connectors', 'lib/flows/work', 'lib/flows/walk'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/because: '([a-z-]+)'/g)])
        .map(([, code = '']) => code),
    );
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((code) => sentenceOf(code) === undefined)).toEqual([]);
  });
});
