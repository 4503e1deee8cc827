import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blocks, deployerPolicies, deployerStatements, isOfType } from './blocks.ts';
import { stackResources } from './resources.ts';

const statements = deployerStatements();
/** What comes beside the types of the template. */
const beside = ['PassRole', 'KMSKeyForTablesAndSecrets', 'Lists', 'CdkAssets', 'CdkVersion'];
/** AWS knows no resource for them: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html */
const withoutResource = [
  'events:PutPermission',
  'events:RemovePermission',
  'kms:CreateKey',
  'lambda:CreateEventSourceMapping',
];

describe('what CloudFormation may do at a deploy', () => {
  it('has a statement for each type of the template, and for no other', () => {
    const types = [...new Set(Object.values(stackResources()).map(({ Type }) => Type))];
    const of = (type: string) => statements.filter((statement) => isOfType(statement, type));
    expect(types.filter((type) => of(type).length === 0)).toEqual([]);
    const needed = new Set([...types.flatMap(of).map(({ Sid }) => Sid), ...beside]);
    expect(statements.map(({ Sid }) => Sid).filter((sid) => !needed.has(sid))).toEqual([]);
  });

  it('is missed where a type has none', () => {
    const bucket = { Bucket: { Type: 'AWS::S3::Bucket', Properties: {} } };
    expect(() => blocks['deployer']?.(bucket)).toThrow('AWS::S3::Bucket has no statement S3Bucket in');
  });

  it('names every action', () => {
    expect(
      statements.flatMap(({ Action }) => Action).filter((action) => !/^[a-z0-9]+:[A-Z]\w+$/.test(action)),
    ).toEqual([]);
  });

  it('is about what bears our names, but where AWS knows no resource or makes the name itself', () => {
    const open = statements.filter(
      ({ Sid, Resource }) => !beside.includes(Sid) && [Resource].flat().includes('*'),
    );
    expect(
      open.flatMap(({ Action }) => Action).filter((action) => !withoutResource.includes(action)),
    ).toEqual([]);
    const named = statements
      .flatMap(({ Resource }) => Resource)
      .filter(
        (arn) => arn !== '*' && !/:([\w-]+[:/])?(default\/)?(Rescind|HandleKey|FingerprintKey)/.test(arn),
      );
    expect(named.toSorted()).toEqual([
      'arn:PARTITION:kms:REGION:ACCOUNT:key/*',
      'arn:PARTITION:kms:REGION:ACCOUNT:key/*',
      'arn:PARTITION:lambda:REGION:ACCOUNT:event-source-mapping:*',
      'arn:PARTITION:lambda:REGION:ACCOUNT:event-source-mapping:*',
      'arn:PARTITION:s3:::cdk-rescind-assets-ACCOUNT-REGION/*',
      'arn:PARTITION:ssm:REGION:ACCOUNT:parameter/cdk-bootstrap/rescind/*',
    ]);
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: white space does not count
  it.each(deployerPolicies)('fits, as %s, into a managed policy, whatever step 1 writes in it', (path) => {
    const longest = readFileSync(path, 'utf8')
      .replaceAll('PARTITION', 'aws-us-gov')
      .replaceAll('ACCOUNT', '111122223333')
      .replaceAll('REGION', 'ap-southeast-2')
      .replaceAll('STAGE', 's'.repeat(16));
    expect(longest.replaceAll(/\s/g, '').length).toBeLessThan(6_144);
  });
});
