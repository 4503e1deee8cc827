import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EgressError, type Fetch } from '../../../lib/connectors/egress.ts';
import {
  type ClientRegistration,
  createClientRegistration,
} from '../../../lib/connectors/registration/client-registration.ts';
import { tryKey } from '../../../lib/connectors/registration/try-key.ts';
import { Secret } from '../../../lib/domain/secret.ts';
import type { Behaviour } from '../../authority/authority.ts';
import { keySecret } from '../../contract/oauth-rig.ts';
import { newKeyPair, startWorld, type World } from '../../authority/rig.ts';
import { publicOf, registerPartner } from './partner.ts';

const behaviours = [
  'normal',
  'lie-200',
  'lose-answer',
  'drop',
  'redirect',
  'huge',
  'not-json',
  'broken-json',
  'no-active',
  'http-400',
  'http-401',
  'http-403',
  'http-429',
  'http-500',
  'http-503',
  'invalid-request',
] as const satisfies readonly Behaviour[];

let world: World;
beforeAll(async () => {
  world = await startWorld({ rotateRegistrationTokens: true });
});
afterAll(() => world?.close());

/** Everything that could be logged of a result or an error. */
async function shownOf(work: Promise<unknown>): Promise<string> {
  const result = await work.catch((error: unknown) => error);
  const stack = result instanceof Error ? [result.message, result.stack, result.cause] : [];
  return [inspect(result, { depth: 9, showHidden: true }), JSON.stringify(result), ...stack].join('\n');
}

it('no key and no token shows in results, errors, notices or the log of calls, whatever the server does', async () => {
  const secrets = new Set<string>();
  /** Also what the server mints or rotates on the way. */
  const watching: Fetch = async (target, init) => {
    const response = await world.fetch(target, init);
    const body = await response.clone().text();
    for (const [, token] of body.matchAll(/"(?:registration_)?access_token":"([^"]+)"/g))
      secrets.add(token ?? '');
    const assertion = new URLSearchParams(init?.body?.toString()).get('client_assertion');
    if (assertion) secrets.add(assertion);
    return response;
  };
  const shown: string[] = [];
  for (const behaviour of behaviours) {
    const partner = await registerPartner(world);
    secrets.add(partner.registered.accessToken.reveal());
    for (const { privateJwk } of [partner.first, partner.second]) secrets.add(privateJwk.d ?? '');
    const verbs = partner.verbsOver(watching);
    await world.authority.behave('registration', behaviour);
    await world.authority.behave('token', behaviour);
    shown.push(await shownOf(verbs.read(partner.registered)));
    shown.push(await shownOf(verbs.replaceKeys(partner.registered, publicOf(partner.first, partner.second))));
    shown.push(await shownOf(verbs.replaceKeys(partner.registered, publicOf(partner.second))));
    shown.push(await shownOf(verbs.replaceKeys(partner.kept(), [partner.second.privateJwk])));
    shown.push(await shownOf(partner.tryKey(partner.first, { fetch: watching })));
    shown.push(await shownOf(partner.tryKey(partner.second, { fetch: watching })));
    for (const endpoint of ['registration', 'token'] as const)
      await world.authority.behave(endpoint, 'normal');
  }
  shown.push(inspect(await world.authority.requests(), { maxArrayLength: null, depth: 9 }));
  shown.push(...world.authority.notices());
  expect(secrets.size).toBeGreaterThan(4 * behaviours.length);
  for (const secret of secrets) expect(shown.join('\n')).not.toContain(secret);
});

it('nothing of a hostile answer shows: neither what it says nor what it echoes', async () => {
  const canary = 'canary-4711';
  const keys = await newKeyPair();
  const at: ClientRegistration = {
    clientUri: 'https://bank.example/reg/acme',
    accessToken: new Secret(`token-${canary}`),
  };
  const headers = { 'content-type': 'application/json' };
  const bodies = [
    `{"error":"${canary}","error_description":"${canary}"}`,
    `{"client_id":["${canary}"],"registration_access_token":"next-${canary}"}`,
    `{"client_id":"acme","token_endpoint_auth_method":"${canary}","client_secret":"${canary}"}`,
    `{"client_id":"acme","token_endpoint_auth_method":"private_key_jwt","jwks_uri":"https://${canary}"}`,
    `{"access_token":{"${canary}":1}}`,
    `{"broken ${canary}`,
  ];
  for (const status of [200, 201, 400, 401, 403, 404, 500]) {
    for (const body of bodies) {
      const fetch: Fetch = async () => new Response(body, { status, headers });
      const verbs = createClientRegistration({ fetch, keep: async () => undefined });
      const shown = await shownOf(verbs.replaceKeys(at, publicOf(keys)));
      expect(shown).toContain('RegistrationError');
      expect(shown).not.toContain(canary);
      const verdict = await tryKey({
        issuer: 'https://bank.example',
        tokenEndpoint: 'https://bank.example/token',
        clientId: 'acme',
        key: keySecret(keys),
        fetch,
        now: () => Date.now(),
      });
      expect(inspect(verdict)).not.toContain(canary);
    }
  }
  const failing: Fetch = () => Promise.reject(new EgressError('connection', 'the connection failed'));
  const verbs = createClientRegistration({ fetch: failing, keep: async () => undefined });
  expect(await shownOf(verbs.read(at))).not.toContain(canary);
});
