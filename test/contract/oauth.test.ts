import { connectorContract } from './connector.contract.ts';
import { startOAuthRig } from './oauth-rig.ts';

connectorContract('oauth', startOAuthRig);
