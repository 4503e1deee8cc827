import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registry } from '../../../../lib/aws/dynamodb/readers/registry.ts';
import { fences } from '../../../../lib/aws/dynamodb/readers/fences.ts';
import { authorityId, consentId, credentialId, grantId, partnerId } from '../../../../lib/domain/ids.ts';
import { authorityOf, consentOf, credentialOf, fenceOf, partnerOf } from '../../../domain/objects.ts';
import { fresh, startTables, tables, type World } from '../../world.ts';

let world: World;
let read: ReturnType<typeof registry>;
beforeAll(async () => {
  world = await startTables();
  read = registry(world.client, tables.registry);
});
afterAll(() => world.close());

describe('what was written is read back', () => {
  it('a partner', async () => {
    const partner = partnerOf({ id: partnerId(fresh('partner')) });
    await world.given({ kind: 'register-partner', partner, from: null });
    expect(await read.partners.find(partner.id)).toEqual(partner);
  });

  it.each([{}, { limits: {} }, { limits: { concurrency: 7 } }])('an authority with %j', async (over) => {
    const authority = authorityOf({ id: authorityId(fresh('authority')), ...over });
    await world.given({ kind: 'register-authority', authority, from: null });
    expect(await read.authorities.find(authority.id)).toEqual(authority);
  });

  it('the newest revision of an authority', async () => {
    const authority = authorityOf({ id: authorityId(fresh('authority')), limits: { concurrency: 7 } });
    const { limits: _, ...bare } = authority;
    await world.given({ kind: 'register-authority', authority, from: null });
    await world.given({ kind: 'register-authority', authority: { ...bare, revision: 2 }, from: 1 });
    expect(await read.authorities.find(authority.id)).toEqual({ ...bare, revision: 2 });
  });

  it.each([{}, { scopes: [], expiresAt: '2026-07-31T09:30:00Z' }])('a consent with %j', async (over) => {
    const consent = consentOf({ id: consentId(fresh('consent')), generation: 3, ...over });
    await world.given({ kind: 'add-consent', consent });
    expect(await read.consents.find(consent.id, 3)).toEqual(consent);
    expect(await read.consents.find(consent.id, 2)).toBeUndefined();
  });

  it('a credential with the least that it has', async () => {
    const { consent: _, ...credential } = credentialOf({ id: credentialId(fresh('rt')) });
    await world.given({ kind: 'add-credential', credential });
    expect(await read.credentials.find(credential)).toEqual(credential);
  });

  it('a credential with all that it may have, under an odd id', async () => {
    const credential = credentialOf({
      id: credentialId(fresh('rt#/%')),
      grant: grantId('grant#1'),
      handle: 'aa.bb.cc.dd.ee',
      fingerprint: 'ab12',
      scopes: ['accounts'],
      expiresAt: '2026-07-31T09:30:00Z',
      idleSeconds: 60,
      state: 'condemned',
      round: 2,
    });
    await world.given({ kind: 'add-credential', credential });
    expect(await read.credentials.find(credential)).toEqual(credential);
  });

  it('a credential in the state that it was moved to', async () => {
    const credential = credentialOf({ id: credentialId(fresh('rt')) });
    await world.given({ kind: 'add-credential', credential });
    await world.given({ kind: 'move-credential', credential, round: 1, from: 'live', to: 'condemned' });
    expect(await read.credentials.find(credential)).toEqual({ ...credential, state: 'condemned' });
  });

  it('the public keys that were published last', async () => {
    expect(await read.published.jwks()).toBeUndefined();
    await world.given({ kind: 'publish-keys', jwks: '{"keys":[1]}', keyId: 'k1', from: null });
    await world.given({ kind: 'publish-keys', jwks: '{"keys":[2]}', keyId: 'k2', from: 'k1' });
    expect(await read.published.jwks()).toBe('{"keys":[2]}');
  });

  it('a fence', async () => {
    const fence = fenceOf({ subject: { type: 'consent', id: consentId(fresh('consent')) }, generation: 4 });
    const find = () => fences(world.client, tables.fences).fences.find(fence.subject);
    expect(await find()).toBeUndefined();
    await world.given({ kind: 'raise-fence', fence, from: null });
    expect(await find()).toEqual(fence);
  });
});

describe('what was not written is not there', () => {
  it('says so by undefined', async () => {
    const ref = { authority: authorityId('bank'), id: credentialId('nobody') };
    expect(await read.partners.find(partnerId('nobody'))).toBeUndefined();
    expect(await read.authorities.find(authorityId('nobody'))).toBeUndefined();
    expect(await read.credentials.find(ref)).toBeUndefined();
    expect(await read.credentials.findAll([ref])).toEqual([]);
  });

  it('finds of several exactly those that are there, more than one batch of them', async () => {
    const prefix = fresh('rt');
    const ids = Array.from({ length: 130 }, (_, index) => credentialId(`${prefix}-${index}`));
    for (let start = 0; start < ids.length; start += 25)
      await world.given(
        ...ids
          .slice(start, start + 25)
          .map((id) => ({ kind: 'add-credential', credential: credentialOf({ id }) }) as const),
      );
    const asked = [...ids, credentialId('nobody')].map((id) => ({ authority: authorityId('bank'), id }));
    const found = await read.credentials.findAll(asked);
    expect(found.map(({ id }) => id).sort()).toEqual([...ids].sort());
  });

  it('tells the registered authorities from the others', async () => {
    const authority = authorityOf({ id: authorityId(fresh('authority')) });
    await world.given({ kind: 'register-authority', authority, from: null });
    const registered = await read.authorities.findAll([authority.id, authorityId('nobody')]);
    expect(registered).toEqual([authority]);
  });
});
