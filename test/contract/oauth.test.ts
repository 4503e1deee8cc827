import { connectorContract } from './connector.contract.ts';
import { startOAuthRig } from './oauth-rig.ts';

connectorContract('oauth by private_key_jwt to the issuer', () =>
  startOAuthRig({ method: 'private_key_jwt' }),
);

connectorContract('oauth by private_key_jwt to the token endpoint', () =>
  startOAuthRig({ method: 'private_key_jwt', audience: 'token-endpoint' }),
);

connectorContract('oauth by client_secret_basic', () => startOAuthRig({ method: 'client_secret_basic' }));

connectorContract('oauth by client_secret_post', () => startOAuthRig({ method: 'client_secret_post' }));

// with the credentials of a client, and for its tokens only
connectorContract('oauth as a party', () => startOAuthRig({ method: 'client_secret_basic' }, 'party'), {
  hasNoCanary: true,
});
