import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonical, sha256 } from '../../lib/wire/digest.ts';

/** From the test data of RFC 8785's author: github.com/cyberphone/json-canonicalization, testdata, at 19d51d7. */
const vectors = [
  {
    name: 'arrays',
    input: '[\n  56,\n  {\n    "d": true,\n    "10": null,\n    "1": [ ]\n  }\n]\n',
    output: '[56,{"1":[],"10":null,"d":true}]',
  },
  {
    name: 'french',
    input:
      '{\n  "peach": "This sorting order",\n  "péché": "is wrong according to French",\n' +
      '  "pêche": "but canonicalization MUST",\n  "sin":   "ignore locale"\n}\n',
    output:
      '{"peach":"This sorting order","péché":"is wrong according to French",' +
      '"pêche":"but canonicalization MUST","sin":"ignore locale"}',
  },
  {
    name: 'structures',
    input:
      '{\n  "1": {"f": {"f": "hi","F": 5} ,"\\n": 56.0},\n  "10": { },\n  "": "empty",\n  "a": { },\n' +
      '  "111": [ {"e": "yes","E": "no" } ],\n  "A": { }\n}',
    output:
      '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}',
  },
];

describe('canonical', () => {
  it.each(vectors)('gives the published form of $name', ({ input, output }) => {
    expect(canonical(JSON.parse(input))).toBe(output);
  });

  it('gives one form to whatever order and spacing', () => {
    expect(canonical(JSON.parse('{ "b": 1.0, "a": [ 2 ] }'))).toBe(canonical({ a: [2], b: 1 }));
  });

  it('sorts by UTF-16 code units, not by code points', () => {
    expect(canonical({ '\uFB33': 1, '\u{1F600}': 2 })).toBe('{"\u{1F600}":2,"\uFB33":1}');
  });

  it('keeps surrogates that are a pair', () => {
    expect(canonical({ text: '\u{1F600}' })).toBe('{"text":"\u{1F600}"}');
  });

  it('refuses a number that JSON cannot say', () => {
    expect(() => canonical(JSON.parse('{"n":1e400}'))).toThrow('not permitted in JSON');
  });
});

describe('sha256', () => {
  // FIPS 180-2, appendix B.1
  it('gives lower-case hex', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('hashes UTF-8 bytes', () => {
    expect(sha256('é')).toBe(
      createHash('sha256')
        .update(Buffer.from([0xc3, 0xa9]))
        .digest('hex'),
    );
  });
});

describe('a lone surrogate', () => {
  it.each(['\ud800', 'a\udfff', '\udc00\ud800', '\\\ud800'])('is refused in %j', (text) => {
    expect(() => canonical({ text })).toThrow(TypeError);
    expect(() => canonical({ [text]: 1 })).toThrow(TypeError);
  });

  it.each(['\u{1f600}', '\\ud800', '\\\\ud800'])('is not seen in %j', (text) => {
    expect(JSON.parse(canonical({ text }))).toEqual({ text });
  });
});
