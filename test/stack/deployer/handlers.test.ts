import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resolveStack, type Resource } from '../../cloud/cloudformation/read-stack.ts';
import { parseTemplate } from '../../cloud/cloudformation/template.ts';
import { conditionKeyOf } from '../../cloud/iam/language/condition-keys.ts';
import { decide, delegationOf } from '../../cloud/iam/language/evaluate.ts';
import { readPolicy, type Statement } from '../../cloud/iam/language/policy.ts';
import { roleSession } from '../../cloud/iam/language/principal.ts';
import { account, region } from '../../cloud/iam/language/statements.ts';
import { place } from '../../cloud/iam/stack.ts';
import { readTemplatePolicies } from '../../cloud/iam/template/template-policies.ts';
import { deployerPolicies } from '../../docs/blocks.ts';
import { unbundledApp } from '../unbundled.ts';
import { type Handler, handlers } from './handlers.ts';
import { notAsked } from './not-asked.ts';
import { type Asked, type Target, targetsOf } from './targets.ts';

/** Every setting that is optional is there, and the qualifier of DEPLOY.md. */
const artifact = unbundledApp({
  '@aws-cdk/core:bootstrapQualifier': 'rescind',
  alarmAddress: 'on-call@bank.example',
  anchorAccount: '444455556666',
})
  .synth()
  .getStackByName('Rescind');
const { tags } = artifact;
const template = artifact.template as Record<string, unknown>;
const stack = resolveStack(parseTemplate(template, 'Rescind'), 'Rescind', place, (id) => id);
const policies = readTemplatePolicies(stack);

const keysOfDeploys: Readonly<Record<string, ReturnType<typeof conditionKeyOf>>> = {
  'aws:RequestTag/rescind:stage': { type: 'string' },
  'aws:TagKeys': { type: 'string', values: 'several-by-set-operator' },
  'iam:PassedToService': { type: 'string' },
  'lambda:FunctionArn': { type: 'arn' },
};
/** As step 1 of DEPLOY.md fills them in. */
const deployer: readonly Statement[] = deployerPolicies.flatMap((path) => {
  const text = readFileSync(path, 'utf8')
    .replaceAll('PARTITION', 'aws')
    .replaceAll('ACCOUNT', account)
    .replaceAll('REGION', region)
    .replaceAll('STAGE', 'dev');
  return readPolicy(JSON.parse(text), 'identity', path, (key) => keysOfDeploys[key] ?? conditionKeyOf(key));
});
const role = roleSession(
  `arn:aws:iam::${account}:role/cdk-rescind-cfn-exec-role-${account}-${region}`,
  'AWSCloudFormation',
);

/** One statement has to name action and resource, under conditions that hold. */
function decided({ action, handler }: Pick<Asked, 'action' | 'handler'>, { resource, context }: Target) {
  // a key that is being made has no policy yet
  const isNew = action === 'kms:CreateKey' || (action === 'kms:TagResource' && handler === 'create');
  const hasPolicy = resource !== '*' && !isNew;
  return decide(
    {
      principal: role,
      action,
      resource,
      context: new Map([
        ['aws:PrincipalArn', role.arn],
        ['aws:PrincipalIsAWSService', 'false'],
        ['aws:SecureTransport', 'true'],
        ['kms:CallerAccount', account],
        ...context,
      ]),
    },
    {
      identity: deployer,
      resource: hasPolicy ? policies.ofResource(resource) : [],
      delegation: hasPolicy ? delegationOf(action) : 'account',
    },
  );
}

/** KMS knows no such action: `kms:ReEncryptFrom` and `kms:ReEncryptTo` beside it are what is asked. */
const noAction = ['kms:ReEncrypt'];
const has = (resource: Resource, path: string): boolean => {
  const look = (value: unknown, [first, ...rest]: readonly string[]): boolean => {
    if (Array.isArray(value)) return value.some((one) => look(one, [first ?? '', ...rest]));
    if (typeof value !== 'object' || value === null) return false;
    const inside = (value as Readonly<Record<string, unknown>>)[first ?? ''];
    return rest.length === 0 ? inside !== undefined : look(inside, rest);
  };
  return look(resource.properties, path.split('.'));
};
const isAsked = (action: string, resource: Resource) =>
  !notAsked.some(
    ({ type, actions, without = [], with: always = [] }) =>
      type === resource.type &&
      actions.test(action) &&
      without.every((path) => !has(resource, path)) &&
      always.every((path) => has(resource, path)),
  );

/** Everything that CloudFormation asks for the stack. */
const all: readonly Asked[] = stack.resources.flatMap((resource) =>
  Object.entries(handlers[resource.type] ?? {}).flatMap(([handler, actions]) =>
    actions
      .filter((action) => !noAction.includes(action) && isAsked(action, resource))
      .map((action) => ({ action, handler: handler as Handler, resource, stack, tags })),
  ),
);

describe('the handlers of CloudFormation', () => {
  it('are known for each type of the template', () => {
    const types = new Set(stack.resources.map(({ type }) => type));
    expect([...types].filter((type) => !handlers[type])).toEqual([]);
    expect(Object.keys(handlers).filter((type) => !types.has(type))).toEqual([]);
  });

  it.each(Object.keys(handlers))('may do all that they ask for %s', (type) => {
    const refused = all
      .filter(({ resource }) => resource.type === type)
      .flatMap((asked) =>
        targetsOf(asked)
          .filter((target) => !decided(asked, target).allowed)
          .map(({ resource }) => `${asked.handler}: ${asked.action} on ${resource}`),
      );
    expect(refused).toEqual([]);
  });

  it('ask nothing that is only said not to be asked', () => {
    const stale = notAsked.filter(
      ({ type, actions }) =>
        !Object.values(handlers[type] ?? {})
          .flat()
          .some((action) => actions.test(action)),
    );
    expect(stale).toEqual([]);
  });
});

describe('what CloudFormation may do', () => {
  /** What no handler names, and why it is granted. */
  const beyond: Readonly<Record<string, string>> = {
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html#dynamodb-kms-authz and, of a secret,
    // https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    'kms:GenerateDataKey': 'a table or a secret is made with a key of ours',
    'kms:GenerateDataKeyWithoutPlaintext': 'as above',
    'kms:ReEncryptFrom': 'as above',
    'kms:ReEncryptTo': 'as above',
    'ssm:GetParameters': 'the template asks for the version of the bootstrap',
  };

  it('is what a handler asks, and nothing else', () => {
    const asked = new Set(all.map(({ action }) => action));
    const granted = new Set(deployer.flatMap(({ actions }) => actions.patterns));
    expect([...granted].filter((action) => !asked.has(action)).toSorted()).toEqual(Object.keys(beyond));
  });
});

describe('a key', () => {
  const administration = [
    'kms:CancelKeyDeletion',
    'kms:CreateAlias',
    'kms:DisableKey',
    'kms:DisableKeyRotation',
    'kms:EnableKey',
    'kms:EnableKeyRotation',
    'kms:PutKeyPolicy',
    'kms:ScheduleKeyDeletion',
    'kms:TagResource',
    'kms:UntagResource',
    'kms:UpdateKeyDescription',
  ];
  const foreign = `arn:aws:kms:${region}:${account}:key/0a1b2c3d-0000-4000-8000-000000000000`;
  /** The default policy of a key leaves it to the policies of the account. */
  const allowed = (action: string, context: Target['context'] = new Map()) =>
    decide({ principal: role, action, resource: foreign, context }, { identity: deployer, resource: [] })
      .allowed;

  it('of somebody else is out of reach of a deploy', () => {
    expect(administration.filter((action) => allowed(action))).toEqual([]);
  });

  it('of somebody else may get the tag of a stage, which opens nothing', () => {
    const tagged = new Map<string, string | readonly string[]>([
      ['aws:RequestTag/rescind:stage', 'dev'],
      ['aws:TagKeys', ['rescind:stage']],
      ['aws:ResourceTag/rescind:stage', 'dev'],
    ]);
    expect(administration.filter((action) => allowed(action, tagged))).toEqual(['kms:TagResource']);
    expect(allowed('kms:TagResource', new Map([...tagged, ['aws:TagKeys', ['rescind:stage', 'team']]]))).toBe(
      false,
    );
  });

  it.each(stack.of('AWS::KMS::Key').map(({ logicalId, arn }) => [logicalId, arn] as const))(
    'of the stack is kept by the role that deploys it, and by no role of another bootstrap: %s',
    (_, resource) => {
      const by = (qualifier: string) => {
        const other = roleSession(role.arn.replace('cdk-rescind-', `cdk-${qualifier}-`), 'AWSCloudFormation');
        return decide(
          {
            principal: other,
            action: 'kms:PutKeyPolicy',
            resource,
            context: new Map([
              ['aws:PrincipalArn', other.arn],
              ['kms:CallerAccount', account],
            ]),
          },
          { identity: deployer, resource: policies.ofResource(resource), delegation: 'key-policy' },
        ).allowed;
      };
      expect([by('rescind'), by('hnb659fds')]).toEqual([true, false]);
    },
  );
});

describe('the bundles', () => {
  it('are read from the bucket of the own bootstrap alone', () => {
    const read = (bucket: string) =>
      decide(
        {
          principal: role,
          action: 's3:GetObject',
          resource: `arn:aws:s3:::${bucket}/x.zip`,
          context: new Map(),
        },
        { identity: deployer, resource: [] },
      ).allowed;
    const bucket = (qualifier: string) => `cdk-${qualifier}-assets-${account}-${region}`;
    expect([read(bucket('rescind')), read(bucket('hnb659fds')), read(bucket('other'))]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
