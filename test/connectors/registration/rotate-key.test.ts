import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EgressError, type Fetch } from '../../../lib/connectors/egress.ts';
import { createPartnerClient } from '../../authority/partner-client.ts';
import { type KeyPair, startWorld, type World } from '../../authority/rig.ts';
import { counting, kidsOf, type Partner, publicOf, registerPartner } from './partner.ts';

const accepted = { kind: 'accepted', minted: 'revoked' };
const refused = { kind: 'refused' };

let world: World;
let partner: Partner;
beforeAll(async () => {
  world = await startWorld();
});
beforeEach(async () => {
  await world.authority.behave('registration', 'normal');
  partner = await registerPartner(world);
});
afterAll(() => world?.close());

describe('replaceKeys at a real authorization server', () => {
  it('rotates with an overlap: one key works at every step, never more than two, and the old one is dead at the end', async () => {
    const { first, second, verbs, registered } = partner;
    expect([await partner.tryKey(first), await partner.tryKey(second)]).toEqual([accepted, refused]);

    const both = await verbs.replaceKeys(registered, publicOf(first, second));
    expect(kidsOf(both.keys)).toEqual(kidsOf(publicOf(first, second)));
    expect([await partner.tryKey(first), await partner.tryKey(second)]).toEqual([accepted, accepted]);

    const one = await verbs.replaceKeys(both.registration, publicOf(second));
    expect(kidsOf(one.keys)).toEqual(kidsOf(publicOf(second)));
    expect([await partner.tryKey(first), await partner.tryKey(second)]).toEqual([refused, accepted]);
  });

  it('keeps a key working while the other is added and taken out under load', async () => {
    const { first, second, verbs, registered } = partner;
    let rotating = true;
    const verdicts: string[] = [];
    const load = (async () => {
      while (rotating) {
        // in this order: once the first is refused, the second must have been there for long
        const pair = [await partner.tryKey(first), await partner.tryKey(second)];
        verdicts.push(pair.map(({ kind }) => kind).join(' '));
      }
    })();
    await verbs.replaceKeys(registered, publicOf(first, second));
    await partner.tryKey(second);
    await verbs.replaceKeys(registered, publicOf(second));
    await partner.tryKey(second);
    rotating = false;
    await load;
    expect(verdicts.length).toBeGreaterThan(0);
    expect(verdicts).not.toContain('refused refused');
    expect(verdicts.join()).not.toContain('unknown');
  });

  it('leaves everything but the keys as it was', async () => {
    const { verbs, registered, first, second } = partner;
    const { jwks: before, ...restBefore } = (await verbs.read(registered)).metadata;
    await verbs.replaceKeys(registered, publicOf(first, second));
    const { jwks: after, ...restAfter } = (await verbs.read(registered)).metadata;
    expect(restAfter).toEqual(restBefore);
    expect(restAfter).toMatchObject({
      client_id: partner.clientId,
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      redirect_uris: [`https://${partner.clientId}.example/callback`],
    });
    expect(before).toEqual({ keys: publicOf(first) });
    expect(after).toEqual({ keys: publicOf(first, second) });
  });

  it('touches no token of a customer: they live on, for whoever holds the new key', async () => {
    const { verbs, registered, first, second, clientId } = partner;
    const { refreshToken } = await world.authority.mint(clientId, 'customer');
    const before = (await world.authority.liveArtefacts())[clientId];
    await verbs.replaceKeys(registered, publicOf(second));
    expect((await world.authority.liveArtefacts())[clientId]).toEqual(before);
    const refreshWith = async (key: KeyPair) =>
      (
        await createPartnerClient({
          issuer: world.authority.issuer,
          endpoints: world.authority.endpoints,
          clientId,
          key: key.privateJwk,
          fetch: world.fetch,
          now: () => world.clock.now(),
        })
      ).refresh(refreshToken);
    expect(await refreshWith(first)).toEqual({ ok: false, error: 'invalid_client' });
    expect(await refreshWith(second)).toMatchObject({ ok: true });
  });

  it('sends no update where the keys are there already, in whatever order', async () => {
    const { verbs, verbsOver, registered, first, second } = partner;
    await verbs.replaceKeys(registered, publicOf(first, second));
    const { fetch, methods } = counting(world.fetch);
    const again = await verbsOver(fetch).replaceKeys(registered, publicOf(second, first));
    expect(new Set(kidsOf(again.keys))).toEqual(new Set(kidsOf(publicOf(first, second))));
    expect(methods).toEqual(['GET']);
  });

  it('puts back the first key after a change of mind', async () => {
    const { verbs, registered, first, second } = partner;
    await verbs.replaceKeys(registered, publicOf(second));
    await verbs.replaceKeys(registered, publicOf(first));
    expect([await partner.tryKey(first), await partner.tryKey(second)]).toEqual([accepted, refused]);
  });

  it('cannot manage a client that did not register itself', async () => {
    const { accessToken } = partner.registered;
    const clientUri = `${world.authority.endpoints.registration}/acme`;
    // oidc-provider: a token shown at another client's URI is destroyed by that
    await expect(partner.verbs.read({ clientUri, accessToken })).rejects.toMatchObject({
      code: 'registration-token-refused',
    });
    await expect(partner.verbs.read(partner.registered)).rejects.toMatchObject({
      code: 'registration-token-refused',
      disposition: 'reject',
    });
  });

  it('changes nothing where the server refuses the keys', async () => {
    const { verbs, registered, first } = partner;
    const broken = [{ ...publicOf(first)[0], crv: 'P-256', x: '', kid: 'broken' }] as never;
    await expect(verbs.replaceKeys(registered, broken)).rejects.toMatchObject({
      code: 'metadata-refused',
      because: 'invalid-client-metadata',
    });
    expect(await partner.tryKey(first)).toEqual(accepted);
  });
});

describe('replaceKeys interrupted', () => {
  it('is finished by the same call when the update did not arrive', async () => {
    const { verbs, verbsOver, registered, first, second } = partner;
    const cut: Fetch = async (target, init) => {
      if (init?.method === 'PUT') throw new EgressError('connection', 'the connection failed');
      return world.fetch(target, init);
    };
    await expect(verbsOver(cut).replaceKeys(registered, publicOf(first, second))).rejects.toMatchObject({
      code: 'silent',
      because: 'connection',
      disposition: 'retry',
    });
    expect([await partner.tryKey(first), await partner.tryKey(second)]).toEqual([accepted, refused]);
    await verbs.replaceKeys(partner.kept(), publicOf(first, second));
    expect([await partner.tryKey(first), await partner.tryKey(second)]).toEqual([accepted, accepted]);
  });

  it('is finished by the same call when the answer was lost, with no second update', async () => {
    const { verbs, verbsOver, registered, first, second } = partner;
    await world.authority.behave('registration', 'lose-answer');
    await expect(verbs.replaceKeys(registered, publicOf(first, second))).rejects.toMatchObject({
      code: 'silent',
    });
    await world.authority.behave('registration', 'normal');
    expect([await partner.tryKey(first), await partner.tryKey(second)]).toEqual([accepted, accepted]);
    const { fetch, methods } = counting(world.fetch);
    const found = await verbsOver(fetch).replaceKeys(partner.kept(), publicOf(first, second));
    expect(kidsOf(found.keys)).toEqual(kidsOf(publicOf(first, second)));
    expect(methods).toEqual(['GET']);
  });

  it.each([
    ['http-503', 'unavailable', 'http-503'],
    ['http-429', 'unavailable', 'http-429'],
    ['http-500', 'unavailable', 'http-500'],
    ['drop', 'silent', 'connection'],
    ['redirect', 'silent', 'redirect'],
    ['huge', 'silent', 'too-large'],
    ['not-json', 'not-registration', 'not-registration'],
    ['broken-json', 'not-registration', 'not-registration'],
    ['no-active', 'not-registration', 'not-registration'],
  ] as const)('says of %s at registration: %s, try again', async (behaviour, code, because) => {
    await world.authority.behave('registration', behaviour);
    await expect(
      partner.verbs.replaceKeys(partner.registered, publicOf(partner.second)),
    ).rejects.toMatchObject({ code, because, disposition: 'retry' });
    expect(await partner.tryKey(partner.first)).toEqual(accepted);
  });

  it('gives up on a server that hangs', async () => {
    await world.authority.behave('registration', 'hang');
    await expect(partner.verbsOver(world.impatientFetch).read(partner.registered)).rejects.toMatchObject({
      code: 'silent',
      because: 'timeout',
    });
  });

  it.each([
    ['http-401', 'registration-token-refused'],
    ['http-403', 'management-forbidden'],
  ] as const)('waits for a person at %s', async (behaviour, code) => {
    await world.authority.behave('registration', behaviour);
    await expect(partner.verbs.read(partner.registered)).rejects.toMatchObject({
      code,
      disposition: 'reject',
    });
  });
});

describe('a server that lies about an update', () => {
  it('is believed by replaceKeys and seen through by tryKey', async () => {
    const { verbs, registered, first, second } = partner;
    await world.authority.behave('registration', 'lie-200');
    const claimed = await verbs.replaceKeys(registered, publicOf(second));
    expect(kidsOf(claimed.keys)).toEqual(kidsOf(publicOf(second)));
    expect([await partner.tryKey(first), await partner.tryKey(second)]).toEqual([accepted, refused]);
    await world.authority.behave('registration', 'normal');
    await verbs.replaceKeys(registered, publicOf(second));
    expect([await partner.tryKey(first), await partner.tryKey(second)]).toEqual([refused, accepted]);
  });
});

describe('a server that rotates the registration token at each update', () => {
  let rotating: World;
  beforeAll(async () => {
    rotating = await startWorld({ rotateRegistrationTokens: true });
  });
  beforeEach(async () => {
    await rotating.authority.behave('registration', 'normal');
    partner = await registerPartner(rotating);
  });
  afterAll(() => rotating?.close());

  it('has each new token kept, and takes the old one no more', async () => {
    const { verbs, registered, first, second } = partner;
    const both = await verbs.replaceKeys(registered, publicOf(first, second));
    expect(both.registration.accessToken.reveal()).not.toBe(registered.accessToken.reveal());
    expect(both.registration).toBe(partner.kept());
    await expect(verbs.read(registered)).rejects.toMatchObject({ code: 'registration-token-refused' });
    await verbs.replaceKeys(partner.kept(), publicOf(second));
    expect([await partner.tryKey(first), await partner.tryKey(second)]).toEqual([refused, accepted]);
  });

  it('keeps its token when nothing had to be changed', async () => {
    const { verbs, registered, first } = partner;
    const { registration } = await verbs.replaceKeys(registered, publicOf(first));
    expect(registration).toBe(registered);
    expect((await verbs.read(registered)).registration).toBe(registered);
  });

  // oidc-provider stores the client, destroys the old token, saves the new one, and only then answers
  it('locks the client out of its registration when that answer is lost; the keys themselves can still be proven', async () => {
    const { verbs, registered, first, second } = partner;
    await rotating.authority.behave('registration', 'lose-answer');
    await expect(verbs.replaceKeys(registered, publicOf(first, second))).rejects.toMatchObject({
      code: 'silent',
    });
    await rotating.authority.behave('registration', 'normal');
    expect(partner.kept()).toBe(registered);
    await expect(verbs.replaceKeys(partner.kept(), publicOf(first, second))).rejects.toMatchObject({
      code: 'registration-token-refused',
      disposition: 'reject',
    });
    expect([await partner.tryKey(first), await partner.tryKey(second)]).toEqual([accepted, accepted]);
  });
});
