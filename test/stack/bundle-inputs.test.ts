import { describe, expect, it } from 'vitest';
import { checkCredentialInputs, lambdaCredentials } from '../../lib/stack/compute/bundle-inputs.ts';

const module = (path: string) => `node_modules/@aws-sdk/${path}/dist-es/index.js`;

describe('checkCredentialInputs', () => {
  it('takes a bundle that reads its credentials from the environment', () => {
    expect(() => checkCredentialInputs('operate', [lambdaCredentials, module('core')])).not.toThrow();
  });

  it.each(['sso', 'ini', 'node', 'process', 'login', 'http', 'web-identity', 'imds'])(
    'stops the synth at the provider %s, whoever imports it',
    (provider) => {
      const inputs = [lambdaCredentials, module(`credential-provider-${provider}`)];
      expect(() => checkCredentialInputs('operate', inputs)).toThrow(`credential-provider-${provider}`);
    },
  );

  it.each(['nested-clients', 'token-providers'])('stops the synth at %s', (path) => {
    expect(() => checkCredentialInputs('operate', [lambdaCredentials, module(path)])).toThrow(path);
  });

  it('stops the synth where the SDK no longer imports what is replaced', () => {
    expect(() => checkCredentialInputs('operate', [module('core')])).toThrow('does not import');
  });
});
