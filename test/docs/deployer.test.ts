import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blocks, deployerPolicies, deployerStatements, sidOf } from './blocks.ts';
import { stackResources } from './resources.ts';

const statements = deployerStatements();
/** What comes beside the types of the template. */
const beside = [
  'PassRole',
  'KMSKeyItself',
  'KMSKeyForTablesAndSecrets',
  'LogsLogGroupLists',
  'CdkAssets',
  'CdkVersion',
];
/** AWS knows no resource for them: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html */
const withoutResource =
  /^(events:(Put|Remove)Permission|kms:CreateKey|lambda:(\w+EventSourceMappings?|ListTags|(Unt|T)agResource)|logs:Describe(IndexPolicies|LogGroups|ResourcePolicies))$/;

describe('what CloudFormation may do at a deploy', () => {
  it('has a statement for each type of the template', () => {
    const types = new Set(Object.values(stackResources()).map(({ Type }) => sidOf(Type)));
    expect([...types].filter((sid) => !statements.some(({ Sid }) => Sid === sid))).toEqual([]);
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
    expect(open.flatMap(({ Action }) => Action).filter((action) => !withoutResource.test(action))).toEqual(
      [],
    );
    const named = statements
      .flatMap(({ Resource }) => Resource)
      .filter(
        (arn) => arn !== '*' && !/:([\w-]+[:/])?(default\/)?(Rescind|HandleKey|FingerprintKey)/.test(arn),
      );
    expect(named.toSorted()).toEqual([
      'arn:aws:kms:REGION:ACCOUNT:key/*',
      'arn:aws:kms:REGION:ACCOUNT:key/*',
      'arn:aws:s3:::cdk-*-assets-ACCOUNT-REGION/*',
      'arn:aws:ssm:REGION:ACCOUNT:parameter/cdk-bootstrap/*',
    ]);
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: white space does not count
  it.each(deployerPolicies)('fits, as %s, into a managed policy', (path) => {
    expect(readFileSync(path, 'utf8').replaceAll(/\s/g, '').length).toBeLessThan(6_144);
  });
});
