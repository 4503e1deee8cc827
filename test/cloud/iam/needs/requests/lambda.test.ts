import { describe, expect, it } from 'vitest';
import { rotator } from '../../directory.ts';
import { neededBy } from './needed.ts';

describe('Lambda asks', () => {
  it('for one permission to invoke', () => {
    expect(neededBy('lambda', 'Invoke', { FunctionName: 'rotate-secret' })).toEqual([
      { action: 'lambda:InvokeFunction', resource: rotator, context: {} },
    ]);
  });

  it('for two through a URL', () => {
    expect(neededBy('lambda', 'InvokeFunctionUrl', { FunctionName: rotator })).toEqual([
      {
        action: 'lambda:InvokeFunctionUrl',
        resource: rotator,
        context: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' },
      },
      {
        action: 'lambda:InvokeFunction',
        resource: rotator,
        context: { 'lambda:InvokedViaFunctionUrl': 'true' },
      },
    ]);
  });
});
