import { decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import { createClientKeysConnector } from '../../lib/connectors/client-keys/client-keys-connector.ts';
import type { Authority } from '../../lib/domain/inventory/authority.ts';
import { authorityId, clientId, credentialId, partnerId } from '../../lib/domain/ids.ts';
import { makeClientKey, publicHalfOf } from '../../lib/keys/client-key.ts';
import { byAudience } from '../contract/oauth-rig.ts';

const issuer = 'https://bank.example';
const authority: Authority = {
  ...{ id: authorityId('bank'), revision: 1, kind: 'oauth', role: 'operator', issuer },
  tokenEndpoint: `${issuer}/token`,
  revocationEndpoint: `${issuer}/revoke`,
  introspectionEndpoint: `${issuer}/introspect`,
  ...byAudience(undefined),
};

/** What is learned of the old key of a client, at a server that knows these. */
async function probeOldKey(known: readonly ('living' | 'old')[]) {
  const [living, old] = [await makeClientKey(), await makeClientKey()];
  const kids = { living: publicHalfOf(living)?.kid ?? '', old: publicHalfOf(old)?.kid ?? '' };
  const connector = createClientKeysConnector(
    {
      client: {
        ...{ id: clientId('acme'), revision: 1, partner: partnerId('acme'), authority: authorityId('bank') },
        ...{ strategy: 'private-key-jwt', clientId: 'acme', registrationUri: `${issuer}/reg/acme` },
        ...{ keyId: credentialId(kids.living), overlapSeconds: 300, everySeconds: 86_400 },
      },
      authority,
    },
    {
      async fetch(target, init) {
        if (target === authority.revocationEndpoint) return new Response();
        const assertion = new URLSearchParams(init?.body?.toString()).get('client_assertion') ?? '';
        const { kid } = decodeProtectedHeader(assertion);
        return known.some((name) => kids[name] === kid)
          ? Response.json({ access_token: 'any' })
          : Response.json({ error: 'invalid_request' }, { status: 400 });
      },
      now: () => 0,
      privateKey: async (kid) => (kid === kids.living ? living : old),
      living: async () => credentialId(kids.living),
      registrationToken: { read: async () => undefined, keep: async () => {} },
    },
    { guarded: true },
  );
  const target = { authority: authority.id, id: credentialId(kids.old), kind: 'signing_key' } as const;
  return (await connector.probe(target)).map(({ answer, because }) => ({ answer, because }));
}

// as Ory Hydra 2.3 answers, where a key that had been taken out was never proven to be
describe('a server that says invalid_request of a key that is not in the set', () => {
  it('refuses the old key, where it takes the living one', async () => {
    expect(await probeOldKey(['living'])).toEqual([{ answer: 'inactive', because: 'inactive' }]);
    expect(await probeOldKey(['living', 'old'])).toEqual([{ answer: 'active', because: 'active' }]);
  });

  it('says nothing of the old key, where it says so of the living one', async () => {
    expect(await probeOldKey([])).toEqual([{ answer: 'unknown', because: 'invalid-request' }]);
  });
});
