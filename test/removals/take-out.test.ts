import { describe, expect, inject, it } from 'vitest';
import { takeOut } from './copies/take-out.ts';
import { findStatements, type RawTemplate, readRawTemplate } from './find-statements.ts';
import { listRemovals } from './list-removals.ts';

const policy = (...Statement: readonly object[]): RawTemplate => ({
  Resources: { Policy: { Type: 'AWS::X', Properties: { PolicyDocument: { Statement } } } },
});
const taken = (template: RawTemplate, actionIndex: number, resourceIndex: number) => {
  const [found] = findStatements(template);
  if (!found) throw new Error('there is no statement');
  return takeOut(template, { found, pair: { action: '', resource: '', actionIndex, resourceIndex } });
};

describe('one action on one resource of several', () => {
  it('is taken out, and the others stay', () => {
    const template = policy(
      { Sid: 'Both', Effect: 'Allow', Action: ['a:B', 'a:C'], Resource: ['r', 's'] },
      { Effect: 'Allow', Action: 'a:D', Resource: 'r' },
    );
    expect(taken(template, 0, 1)).toEqual(
      policy(
        { Sid: 'Both', Effect: 'Allow', Action: ['a:C'], Resource: ['r', 's'] },
        { Sid: 'BothRest', Effect: 'Allow', Action: 'a:B', Resource: ['r'] },
        { Effect: 'Allow', Action: 'a:D', Resource: 'r' },
      ),
    );
  });

  it('leaves a policy that is about nothing, where it was all there was', () => {
    const template = policy({ Effect: 'Allow', Principal: '*', Action: 'a:B', Resource: 'r' });
    expect(taken(template, 0, 0)).toEqual(
      policy({ Effect: 'Deny', Principal: '*', Action: 'rescind:Nothing', Resource: '*' }),
    );
  });
});

it('a permission is taken out as a resource, and nobody waits for it any more', () => {
  const one = { Type: 'AWS::Lambda::Permission', Properties: {} };
  const template: RawTemplate = {
    Resources: {
      One: one,
      Other: { Type: 'AWS::X', DependsOn: ['One', 'Third'] },
      Third: { Type: 'AWS::X', DependsOn: 'One' },
    },
  };
  expect(taken(template, 0, 0)).toEqual({
    Resources: { Other: { Type: 'AWS::X', DependsOn: ['Third'] }, Third: { Type: 'AWS::X' } },
  });
});

describe('the synthesized template', () => {
  const template = readRawTemplate(inject('assembly'));
  const nameOf = ({ line, statement }: ReturnType<typeof listRemovals>[number]) =>
    // indexes move when a statement is split
    `${statement.id.replace(/\[.*$/, '')} ${line} ${JSON.stringify(statement.conditions)}`;
  const before = listRemovals(template);
  const named = before.map(nameOf);

  it('has hundreds of things to be taken out, each with a key of its own', () => {
    expect(before.length).toBeGreaterThan(250);
    expect(new Set(before.map(({ key }) => key)).size).toBe(before.length);
  });

  it('loses exactly what is taken out of it, whichever that is', () => {
    const odd = before.filter((removal) => {
      const after = listRemovals(takeOut(template, removal)).map(nameOf);
      const lost = named.filter((name) => !after.includes(name));
      const come = after.filter((name) => !named.includes(name) && !name.includes('rescind:Nothing'));
      // a twin of it may stand in another statement
      const twins = named.filter((name) => name === nameOf(removal)).length - 1;
      return twins === 0 ? lost.join() !== nameOf(removal) || come.length > 0 : come.length > 0;
    });
    expect(odd.map(({ line }) => line)).toEqual([]);
  });
});
