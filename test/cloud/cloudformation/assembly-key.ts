import { createHash } from 'node:crypto';
import { digestOf } from './folder-digest.ts';

/** All that an assembly is made of, beside Node and the context: oxlint lets `lib` and `functions` import nothing else. */
export const inputs = [
  'bin/app.ts',
  'functions',
  'lib',
  'cdk.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  // how it is made
  'test/cloud/cloudformation/synthesize.ts',
] as const;

/** What need not be there: the CDK's memory of look-ups, and what npm installed, which may be something else than what is locked. */
const maybeInputs = ['cdk.context.json', 'node_modules/.package-lock.json'] as const;

/** In the home of whoever calls: the CDK takes context from here, too. */
const userInputs = ['.cdk.json'] as const;

/** Names what an assembly of the project at `root` would be made of now. */
export function assemblyKey(
  context: Readonly<Record<string, unknown>>,
  { root, home }: { readonly root: string; readonly home: string },
): string {
  const files = [digestOf(root, [...inputs, ...maybeInputs]), digestOf(home, userInputs)];
  const { version, platform, arch } = process;
  return createHash('sha256')
    .update(JSON.stringify([...files, version, platform, arch, context]))
    .digest('hex');
}
