import type { Rule } from '../rule.ts';
import { asList, ofType, type Resources } from '../template.ts';

/**
 * "DynamoDB limits the number of tables with secondary indexes that are in the creating state. If you create multiple tables with indexes
 * at the same time, DynamoDB returns an error and the stack operation fails."
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
 */
export const indexedTablesTakeTurns: Rule = {
  name: 'indexed-tables-take-turns',
  promise: 'Of two tables with secondary indexes, one is made after the other',
  remedy: 'Let one depend on the other: table.node.addDependency(other)',
  find: (resources) => {
    const indexed = ofType(resources, 'AWS::DynamoDB::Table')
      .filter(([, { Properties }]) => hasIndex(Properties))
      .map(([id]) => id);
    return indexed.flatMap((id, index) =>
      indexed
        .slice(index + 1)
        .filter((other) => !waitsFor(resources, id, other) && !waitsFor(resources, other, id))
        .map((other) => ({
          resource: other,
          at: 'DependsOn',
          got: `no dependency on ${id}, nor ${id} on it`,
        })),
    );
  },
};

const hasIndex = (properties: Readonly<Record<string, unknown>>): boolean =>
  ['GlobalSecondaryIndexes', 'LocalSecondaryIndexes'].some((name) => asList(properties[name]).length > 0);

/** By `DependsOn`, through others, too. CloudFormation refuses circles, so that this ends. */
function waitsFor(resources: Resources, id: string, other: string): boolean {
  return asList(resources[id]?.DependsOn).some(
    (before) => before === other || waitsFor(resources, String(before), other),
  );
}
