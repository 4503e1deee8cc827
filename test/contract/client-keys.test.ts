import { startClientKeysRig } from './client-keys-rig.ts';
import { connectorContract } from './connector.contract.ts';

const exceptions = {
  byReference: true,
  // the canary is a key that goes on working: an update that does nothing does nothing to it
  seesCanaryAt: ['lies'],
} as const;

connectorContract('client keys', () => startClientKeysRig(), exceptions);

// as Ory Hydra wants it, which refused each key of its clients before
connectorContract(
  'client keys, asserted to the token endpoint',
  () => startClientKeysRig('token-endpoint'),
  exceptions,
);
