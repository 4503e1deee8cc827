import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unbundledApp } from '../stack/unbundled.ts';
import { deployerPolicies } from './blocks.ts';
import { pages } from './pages.ts';
import { stackResources } from './resources.ts';

/** Of one partition alone; `arn:aws-cn:` and `arn:aws-us-gov:` would be no better. */
const named = (text: string): readonly string[] => text.match(/arn:aws[a-z-]*:[^\s"'`]*/g) ?? [];
const sources = ['lib', 'functions', 'bin'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file)),
);
/** Without what a command printed: that names the partition of the world it ran in. */
const ownWords = (file: string): string => readFileSync(file, 'utf8').replace(/^```console\n[^]*?^```/gm, '');

const files = ['README.md', 'lib/README.md', ...pages, ...deployerPolicies, ...sources];

describe('no partition is named', () => {
  it('in the template', () => {
    const template = JSON.stringify(stackResources());
    expect(named(template)).toEqual([]);
    expect(template).toContain('{"Ref":"AWS::Partition"}');
  });

  it('on a page, in a policy of the deployer, or in our own code', () => {
    expect(files.length).toBeGreaterThan(200);
    expect(files.flatMap((file) => named(ownWords(file)).map((arn) => `${file}: ${arn}`))).toEqual([]);
  });

  // `@aws-cdk/core:target-partitions` of cdk.json says whose service names the CDK may look up: the template needs none
  it('by what the CDK looks up', () => {
    const of = (partitions: readonly string[]) =>
      unbundledApp({ '@aws-cdk/core:target-partitions': partitions }).synth().getStackByName('Rescind')
        .template as unknown;
    expect(of(['aws', 'aws-cn', 'aws-us-gov'])).toEqual(of(['aws']));
  });
});
