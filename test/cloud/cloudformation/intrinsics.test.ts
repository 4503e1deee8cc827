import { describe, expect, it } from 'vitest';
import { evaluate, referencesIn, type Scope } from './intrinsics.ts';

const scope: Scope = {
  ref: (id) => (id === 'AWS::NoValue' ? undefined : `ref-${id}`),
  attribute: (id, attribute) => `${attribute}-of-${id}`,
};
const value = (template: unknown) => evaluate(template, scope, 'Queue.Name');

describe('evaluate', () => {
  it.each([
    ['what is no intrinsic', { a: [1, 'b', true, null] }, { a: [1, 'b', true, null] }],
    ['Ref', { Ref: 'Table' }, 'ref-Table'],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Table', 'Arn'] }, 'Arn-of-Table'],
    ['Fn::GetAtt written with a dot', { 'Fn::GetAtt': 'Table.Stream.Arn' }, 'Stream.Arn-of-Table'],
    ['Fn::Join', { 'Fn::Join': ['/', ['a', { Ref: 'B' }, 3]] }, 'a/ref-B/3'],
    ['Fn::Split', { 'Fn::Split': ['-', { Ref: 'A-B' }] }, ['ref', 'A', 'B']],
    ['Fn::Select', { 'Fn::Select': ['1', ['a', { Ref: 'B' }]] }, 'ref-B'],
    ['Fn::Select of Fn::Split', { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    ['Fn::Sub', { 'Fn::Sub': 'x-${AWS::Region}-${Table.Arn}' }, 'x-ref-AWS::Region-Arn-of-Table'],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${v}-${T}', { v: { Ref: 'V' } }] }, 'ref-V-ref-T'],
    ['Fn::Sub with a literal', { 'Fn::Sub': '${!T}-${T}' }, '${T}-ref-T'],
    ['a member without value', { a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
    ['an item without value', ['a', { Ref: 'AWS::NoValue' }], ['a']],
  ])('resolves %s', (_, template, expected) => {
    expect(value(template)).toEqual(expected);
  });

  it.each([
    [
      'an unknown intrinsic',
      { a: { 'Fn::ImportValue': 'x' } },
      /Queue\.Name\.a: .*Fn::ImportValue is not known.*Fn::Join/,
    ],
    ['an intrinsic beside other members', { Ref: 'A', b: 1 }, 'Queue.Name: Ref stands beside other members'],
    ['a selection past the end', { 'Fn::Select': [2, ['a']] }, 'Fn::Select has no item 2'],
    [
      'a join of what is no text',
      { 'Fn::Join': ['', [{ a: 1 }]] },
      'Queue.Name: text was expected, not object',
    ],
    ['a join without list', { 'Fn::Join': ['', 'a'] }, 'a list was expected, not string'],
    ['a missing argument', { 'Fn::Join': [''] }, 'two arguments were expected, not 1'],
  ])('stops at %s and says where', (_, template, message) => {
    expect(() => value(template)).toThrow(message);
  });
});

describe('referencesIn', () => {
  it('finds what every intrinsic asks for', () => {
    const template = {
      a: [{ Ref: 'A' }, { 'Fn::GetAtt': ['B', 'Arn'] }, { 'Fn::GetAtt': 'C.Arn' }],
      d: { 'Fn::Sub': ['${D}${E.Arn}${!No}${v}', { v: { Ref: 'F' } }] },
      g: { 'Fn::Select': [0, { 'Fn::Split': [',', { 'Fn::Join': ['', [{ Ref: 'G' }]] }] }] },
    };
    expect([...referencesIn(template, 'X')]).toEqual(['A', 'B', 'C', 'D', 'E', 'F', 'G']);
  });
});
