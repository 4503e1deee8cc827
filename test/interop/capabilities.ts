import type { Capability, Group, Observed } from './capability.ts';
import { clientAuth } from './capabilities/client-auth.ts';
import { clientKeys } from './capabilities/client-keys.ts';
import { collateral } from './capabilities/collateral.ts';
import { standing } from './capabilities/standing.ts';
import { tokens } from './capabilities/tokens.ts';

/** Each is the whole suite of `test/contract/`, counted by the runner; the title is that of its `describe`. */
export const contracts = {
  oauth: { id: 'contract-oauth', title: 'The connector contract: tokens' },
  clientKeys: { id: 'contract-client-keys', title: 'The connector contract: client keys' },
} as const satisfies Record<string, Capability>;

export const observed: readonly Observed[] = [
  ...tokens,
  ...collateral,
  ...standing,
  ...clientAuth,
  ...clientKeys,
];

/** All that the suite knows, as the page has it. */
export const groups: readonly Group[] = [
  { title: 'Tokens, revoked and proven dead', capabilities: tokens },
  { title: 'What dies with a token', capabilities: collateral },
  { title: 'A client of our own', capabilities: standing },
  { title: 'How a client shows who it is', capabilities: clientAuth },
  { title: 'Keys of clients', capabilities: clientKeys },
  { title: 'The whole contract', capabilities: [contracts.oauth, contracts.clientKeys] },
];
