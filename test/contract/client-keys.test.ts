import { startClientKeysRig } from './client-keys-rig.ts';
import { connectorContract } from './connector.contract.ts';

connectorContract('client keys', startClientKeysRig, {
  byReference: true,
  // the canary is a key that goes on working: an update that does nothing does nothing to it
  seesCanaryAt: ['lies'],
});
