import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectorContract } from '../contract/connector.contract.ts';
import { contracts, observed } from './capabilities.ts';
import type { Observation } from './capability.ts';
import { folderVariable, handOut, readIn } from './hand-over.ts';
import { clientKeysRigAt, oauthRigAt } from './rigs.ts';
import type { InteropServer } from './server.ts';
import { servers } from './servers.ts';

// Started by run-interop.ts, which has started the server; no part of npm test.

const folder = process.env[folderVariable] ?? '';
const { server: name, description } = readIn(folder);
const kind = servers.find((one) => one.name === name);
if (!kind) throw new Error(`there is no server ${name}`);
const server: InteropServer = await kind.open(description);
afterAll(() => server.close());

describe(`capabilities at ${kind.title} ${server.version}`, () => {
  const observations: Record<string, Observation> = {};
  beforeAll(() => handOut(folder, { version: server.version, observations }));
  afterAll(() => handOut(folder, { version: server.version, observations }));

  it.each(observed)('$title', async (capability) => {
    const observation = await capability.observe(server);
    observations[capability.id] = observation;
    expect(observation.said).toMatch(/\.$/);
  });
});

connectorContract(contracts.oauth.title, () => oauthRigAt(server), {
  hasNoCanary: server.role === 'party',
  tellsAnyone: server.tellsAnyone,
  strangerIs: server.unknownKeyIs,
});

connectorContract(contracts.clientKeys.title, () => clientKeysRigAt(server), {
  byReference: true,
  // the canary is a key that goes on working: an update that does nothing does nothing to it
  seesCanaryAt: ['lies'],
});
