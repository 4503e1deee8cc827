import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPartnerClient } from './partner-client.ts';
import { newKeyPair, startWorld, type World } from './rig.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
beforeEach(() => world.authority.behave('registration', 'normal'));
afterAll(() => world?.close());

let clients = 0;
async function registerOne(at = world, grantTypes?: readonly string[]) {
  const keys = await newKeyPair();
  const id = `client-${++clients}`;
  const registered = await at.authority.register({
    id,
    jwk: keys.publicJwk,
    ...(grantTypes ? { grantTypes } : {}),
  });
  return { id, keys, ...registered };
}

/** Spoken by hand: this checks the server, not the connector. */
async function manage(uri: string, token: string, update?: object) {
  const answer = await world.fetch(uri, {
    method: update ? 'PUT' : 'GET',
    headers: { authorization: `Bearer ${token}`, ...(update ? { 'content-type': 'application/json' } : {}) },
    ...(update ? { body: JSON.stringify(update) } : {}),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const updateFrom = ({ body }: Awaited<ReturnType<typeof manage>>, changes: object = {}) => {
  const { registration_access_token: _token, registration_client_uri: _uri, ...rest } = body;
  const { client_id_issued_at: _at, client_secret_expires_at: _until, ...update } = rest;
  return { ...update, ...changes };
};

describe('a local authority registers clients (RFC 7591)', () => {
  it('under the id that they ask for, and serves them as any other', async () => {
    const { id, keys, clientId, registrationClientUri } = await registerOne();
    expect(clientId).toBe(id);
    expect(registrationClientUri).toBe(`${world.authority.endpoints.registration}/${id}`);
    const { refreshToken } = await world.authority.mint(id, 'customer');
    const partner = await createPartnerClient({
      issuer: world.authority.issuer,
      endpoints: world.authority.endpoints,
      clientId: id,
      key: keys.privateJwk,
      fetch: world.fetch,
      now: () => world.clock.now(),
    });
    expect(await partner.refresh(refreshToken)).toMatchObject({ ok: true });
    expect((await world.authority.liveArtefacts())[id]).toMatchObject({ grants: 1, refreshTokens: 1 });
  });

  it('never under an id that is taken', async () => {
    const { id } = await registerOne();
    const { publicJwk } = await newKeyPair();
    for (const taken of [id, 'acme', 'rescind']) {
      await expect(world.authority.register({ id: taken, jwk: publicJwk })).rejects.toThrow(taken);
    }
  });

  it('for nobody but who asks the authority itself', async () => {
    for (const authorization of [{}, { authorization: 'Bearer guess' }]) {
      const answer = await world.fetch(world.authority.endpoints.registration, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...authorization },
        body: JSON.stringify({ client_name: 'stranger' }),
      });
      expect([400, 401]).toContain(answer.status);
    }
    await expect(world.authority.mint('stranger', 'customer')).rejects.toThrow('stranger');
  });

  it('and says what the matter is when it does not', async () => {
    await world.authority.behave('registration', 'http-503');
    await expect(registerOne()).rejects.toThrow('503');
  });
});

describe('a local authority lets a client manage its registration (RFC 7592)', () => {
  it('reading leaves the token as it is', async () => {
    const { registrationClientUri: uri, registrationAccessToken: token } = await registerOne();
    const read = await manage(uri, token);
    expect(read).toMatchObject({ status: 200, body: { registration_access_token: token } });
    expect((await manage(uri, token)).status).toBe(200);
  });

  it('updating leaves the token as it is, unless told to rotate', async () => {
    const { registrationClientUri: uri, registrationAccessToken: token } = await registerOne();
    const updated = await manage(uri, token, updateFrom(await manage(uri, token)));
    expect(updated).toMatchObject({ status: 200, body: { registration_access_token: token } });
  });

  it.each(['client_id_issued_at', 'registration_access_token', 'registration_client_uri'])(
    'an update with %s is refused',
    async (member) => {
      const { registrationClientUri: uri, registrationAccessToken: token } = await registerOne();
      const read = await manage(uri, token);
      const update = updateFrom(read, { [member]: read.body[member] });
      expect(await manage(uri, token, update)).toMatchObject({
        status: 400,
        body: { error: 'invalid_request' },
      });
    },
  );

  it('a token at another client’s URI is refused and destroyed', async () => {
    const [one, other] = [await registerOne(), await registerOne()];
    expect((await manage(other.registrationClientUri, one.registrationAccessToken)).status).toBe(401);
    expect((await manage(one.registrationClientUri, one.registrationAccessToken)).status).toBe(401);
    expect((await manage(other.registrationClientUri, other.registrationAccessToken)).status).toBe(200);
  });

  it('and a private key is refused', async () => {
    const { registrationClientUri: uri, registrationAccessToken: token, keys } = await registerOne();
    const update = updateFrom(await manage(uri, token), { jwks: { keys: [keys.privateJwk] } });
    expect(await manage(uri, token, update)).toMatchObject({
      status: 400,
      body: { error: 'invalid_client_metadata' },
    });
  });
});

describe('a local authority told to misbehave at registration', () => {
  it('claims an update and does nothing, and still reads and registers', async () => {
    const { registrationClientUri: uri, registrationAccessToken: token } = await registerOne();
    const before = await manage(uri, token);
    await world.authority.behave('registration', 'lie-200');
    const { publicJwk } = await newKeyPair();
    const claimed = await manage(uri, token, updateFrom(before, { jwks: { keys: [publicJwk] } }));
    expect(claimed).toMatchObject({
      status: 200,
      body: { jwks: { keys: [publicJwk] }, registration_access_token: token, registration_client_uri: uri },
    });
    expect(await manage(uri, token)).toEqual(before);
    expect((await registerOne()).registrationAccessToken).toBeTypeOf('string');
  });

  it('does an update whose answer it loses', async () => {
    const { registrationClientUri: uri, registrationAccessToken: token } = await registerOne();
    const { publicJwk } = await newKeyPair();
    const update = updateFrom(await manage(uri, token), { jwks: { keys: [publicJwk] } });
    await world.authority.behave('registration', 'lose-answer');
    await expect(manage(uri, token, update)).rejects.toMatchObject({ code: 'connection' });
    expect((await manage(uri, token)).body).toMatchObject({ jwks: { keys: [publicJwk] } });
  });

  it('notes the calls without their tokens', async () => {
    const { registrationClientUri: uri, registrationAccessToken: token, id } = await registerOne();
    const from = (await world.authority.requests()).length;
    const read = await manage(uri, token);
    await world.authority.behave('registration', 'lie-200');
    await manage(uri, token, updateFrom(read));
    const path = `/reg/${id}`;
    expect((await world.authority.requests()).slice(from)).toEqual([
      { at: expect.any(Number), path, client: id, status: 200 },
      { at: expect.any(Number), path, status: 200 },
    ]);
  });
});
