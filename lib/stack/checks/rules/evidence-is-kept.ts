import type { Finding, Rule } from '../rule.ts';
import { asList, dig, ofType, type Resource } from '../template.ts';

/** What cannot be made again: rows, what decrypts and signs them, and what was logged about them. */
const kept = [
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::SecretsManager::Secret',
];

export const evidenceIsKept: Rule = {
  name: 'evidence-is-kept',
  promise: 'No table, key, secret or log group is destroyed by a deploy, and no table by a mistake',
  remedy:
    'Set its removal policy to RemovalPolicy.RETAIN; a table also needs deletionProtection and ' +
    'pointInTimeRecoverySpecification (use ProtectedTable)',
  find: (resources) =>
    ofType(resources, ...kept).flatMap(([resource, made]) => [
      ...destroyed(resource, made),
      ...unprotected(resource, made),
    ]),
};

function destroyed(resource: string, made: Resource): readonly Finding[] {
  return (['DeletionPolicy', 'UpdateReplacePolicy'] as const)
    .filter((policy) => made[policy] !== 'Retain')
    .map((policy) => ({
      resource,
      at: policy,
      got: `${policy} ${JSON.stringify(made[policy] ?? 'not given')}`,
    }));
}

function unprotected(resource: string, { Type, Properties }: Resource): readonly Finding[] {
  if (!Type.startsWith('AWS::DynamoDB::')) return [];
  // a global table says it for each of its replicas
  const tables =
    Type === 'AWS::DynamoDB::GlobalTable' ? asList(Properties['Replicas']) : [Properties as unknown];
  const demands = [
    ['DeletionProtectionEnabled'],
    ['PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled'],
  ];
  return demands
    .filter((path) => !tables.every((table) => dig(table, ...path) === true))
    .map((path) => ({ resource, at: `Properties.${path.join('.')}`, got: `${path.join('.')} is not true` }));
}
