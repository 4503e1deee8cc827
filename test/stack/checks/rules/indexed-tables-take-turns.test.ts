import { describe, expect, it } from 'vitest';
import { add, resourceOf, stoppedBy } from '../synth.ts';

const table = (...indexes: readonly string[]) => ({
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes.map((IndexName) => ({ IndexName })) }),
});

describe('indexed-tables-take-turns', () => {
  const adding = (properties: Record<string, unknown>, ...after: readonly string[]) =>
    stoppedBy('indexed-tables-take-turns', (stack) => {
      const added = add(stack, 'AWS::DynamoDB::Table', properties);
      for (const path of after) added.addResourceDependency(resourceOf(stack, path));
    });

  it('names a table with an index that would be made beside another one', () => {
    expect(adding(table('due'))).toEqual([
      expect.stringMatching(/^Broken: no dependency on Registry/),
      expect.stringMatching(/^Broken: no dependency on Cases/),
    ]);
  });

  it('is silent about one that comes after another, which comes after the rest', () => {
    expect(adding(table('due'), 'Cases/Table')).toEqual([]);
  });

  it('is silent about one without an index', () => {
    expect(adding(table())).toEqual([]);
  });
});
