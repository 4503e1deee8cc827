import { hydra } from './hydra/hydra.ts';
import { keycloak } from './keycloak/keycloak.ts';
import { oidcProvider } from './oidc-provider/oidc-provider.ts';
import type { ServerKind } from './server.ts';

/** In the order of the table's columns. */
export const servers: readonly ServerKind[] = [oidcProvider, keycloak, hydra];
