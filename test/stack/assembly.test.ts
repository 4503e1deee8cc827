import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnResource } from 'aws-cdk-lib';
import { describe, expect, inject, it } from 'vitest';
import { readStack } from '../cloud/cloudformation/read-stack.ts';
import { environmentOf } from '../../lib/wire/environment.ts';
import { unbundledApp } from './unbundled.ts';

const assembly = inject('assembly');
const json = (...path: string[]) =>
  JSON.parse(readFileSync(join(...path), 'utf8')) as Record<string, unknown>;

describe('a bundle', () => {
  const place = {
    account: '000000000000',
    region: 'eu-west-1',
    queueUrl: (name: string) => `http://127.0.0.1/${name}`,
    functionUrl: (name: string) => `http://127.0.0.1/${name}/`,
  };
  const bundles = readStack(assembly, 'Rescind', place)
    .of('AWS::Lambda::Function')
    .map(({ logicalId, codeFolder = '', properties }) => ({
      logicalId,
      codeFolder,
      file: join(codeFolder, 'index.mjs'),
      variables: (properties['Environment'] as { Variables: Record<string, string> }).Variables,
    }));

  it('belongs to each function alone', () => {
    expect(new Set(bundles.map(({ codeFolder }) => codeFolder)).size).toBe(Object.keys(environmentOf).length);
  });

  it.each(bundles)('$logicalId is one module of less than 560,000 bytes', ({ codeFolder, file }) => {
    expect(readdirSync(codeFolder)).toEqual(['index.mjs']);
    expect(readFileSync(file).length).toBeLessThan(560_000);
  });

  it.each(bundles)(
    '$logicalId contains nothing of the CDK, the local cloud or its authorization server',
    ({ file }) => {
      expect(readFileSync(file, 'utf8')).not.toMatch(/aws-cdk-lib|jsii|dynalite|oidc-provider/);
    },
  );

  it.each(bundles)(
    '$logicalId knows one way to credentials: the environment that Lambda sets',
    ({ file }) => {
      const text = readFileSync(file, 'utf8');
      const ways = [
        'this bundle runs in Lambda',
        'credential_process',
        'AssumeRoleWithWebIdentity',
        'GetRoleCredentials',
        'CreateTokenWithIAM',
      ];
      expect(ways.filter((way) => text.includes(way))).toEqual(['this bundle runs in Lambda']);
    },
  );

  it('says at once what is missing where it has no credentials', () => {
    const invoke =
      'import(process.argv[1]).then(({ handler }) => handler({}, {})).catch(({ message }) => process.stdout.write(message))';
    const { file = '', variables } =
      bundles.find(({ logicalId }) => logicalId.startsWith('MeasureDebts')) ?? {};
    const env = { ...variables, AWS_REGION: place.region, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
    const { stdout } = spawnSync(process.execPath, ['-e', invoke, file], { env, encoding: 'utf8' });
    expect(stdout).toBe(
      'AWS_ACCESS_KEY_ID is not set: this bundle runs in Lambda, which sets it from the role of the function',
    );
  });

  it.each(bundles)('$logicalId can tell metrics only where it has a stage to tell', ({ file, variables }) => {
    expect(readFileSync(file, 'utf8').includes('CloudWatchMetrics')).toBe('RESCIND_STAGE' in variables);
  });

  it.each(bundles)(
    '$logicalId loads with its own environment, far from node_modules',
    ({ file, variables }) => {
      const load = 'import(process.argv[1]).then((loaded) => process.stdout.write(typeof loaded.handler))';
      const env = { ...variables, AWS_REGION: place.region, NODE_NO_WARNINGS: '1' };
      const loaded = spawnSync(process.execPath, ['-e', load, file], {
        cwd: tmpdir(),
        env,
        encoding: 'utf8',
      });
      expect(loaded).toMatchObject({ stdout: 'function', stderr: '', status: 0 });
    },
  );
});

describe('the validation report of the CDK', () => {
  it('is empty', () => {
    expect(json(assembly, 'validation-report.json')['pluginReports']).toEqual([]);
  });

  // loading CloudFormation's rules takes seconds of computing time
  it('would show what CloudFormation refuses', { timeout: 180_000 }, () => {
    const app = unbundledApp({}, { validated: true });
    new CfnResource(app.stack, 'Broken', { type: 'AWS::SQS::Queue', properties: { VisibilityTimeout: -1 } });
    expect(() => app.synth()).toThrow('VisibilityTimeout: -1 is less than the minimum of 0');
    expect(json(app.outdir, 'validation-report.json')['pluginReports']).not.toEqual([]);
  });
});

describe('a second synth', () => {
  // bundling aside: it names the code by the digest of what esbuild wrote
  const comparable = (template: Record<string, unknown>) =>
    JSON.stringify(template, (name, value: unknown) =>
      name === 'Code' || name === 'Metadata' ? undefined : value,
    );

  it('gives the same template', () => {
    const template = unbundledApp().synth().getStackByName('Rescind').template as Record<string, unknown>;
    expect(comparable(template)).toBe(comparable(json(assembly, 'Rescind.template.json')));
  });
});
