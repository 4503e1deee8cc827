import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { caseIdOf } from '../../../lib/domain/case/case.ts';
import { credentialId } from '../../../lib/domain/ids.ts';
import { obligationFor } from '../../../lib/domain/decisions/case/owe.ts';
import { Secret } from '../../../lib/domain/secret.ts';
import { rfc3339 } from '../../../lib/flows/flow.ts';
import { fresh } from '../../aws/world.ts';
import { credentialOf } from '../../domain/objects.ts';
import { overlapSeconds } from './register-client.ts';
import { minuteMs, type Rig, type Rotated, startRig } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterEach(async () => {
  await rig.world.authority.behave('registration', 'normal');
  await rig.world.authority.behave('token', 'normal');
});
afterAll(() => rig?.close());

/** A rotation whose overlap is over, with the chunk of its old key. */
async function newRetired() {
  const one = await rig.newClient();
  await one.rotate();
  await rig.pass(overlapSeconds * 1000);
  await one.due();
  const [chunk] = one.chunks;
  if (!chunk) throw new Error('no worker was woken');
  const { current, other } = await one.rotation();
  return { one, chunk, fresh: current, old: String(other) };
}

const obligationsOf = async (one: Rotated, id: Parameters<Rotated['deps']['cases']['find']>[0]) => {
  const found = await one.deps.cases.find(id);
  return { case: found, obligations: found ? await one.deps.obligations.of(found) : [] };
};

/** A cut-off of the partner whose walk is finished: its case has an obligation for each of these keys. */
async function cutOff(one: Rotated, kids: readonly string[]) {
  await one.fence();
  const subject = { type: 'partner', id: one.client.partner } as const;
  const about = { kind: 'emergency-ordered', subject, generation: 1, round: 1 } as const;
  const at = rfc3339(rig.now());
  const opened = {
    ...about,
    id: caseIdOf(about),
    state: 'working',
    shards: 1,
    cursors: 0,
    effectAt: at,
  } as const;
  await rig.store.given({ kind: 'open-case', case: opened, dueAt: at });
  for (const kid of kids) {
    const credential = await one.credential(kid);
    if (!credential) throw new Error(`no credential ${kid}`);
    const stamp = { now: rig.now(), at, newId: () => 'unused' };
    const obligation = obligationFor(opened, credential, true, stamp);
    await rig.store.given(
      ...(credential.state === 'live'
        ? [{ kind: 'move-credential', credential, round: 1, from: 'live', to: 'condemned' } as const]
        : []),
      { kind: 'open-obligation', obligation },
      { kind: 'add-tally', case: opened.id, shard: 0, tally: { planned: 1, open: 1 } },
    );
  }
  return { case: opened.id, shard: 0, authority: rig.authority.id };
}

describe('the retirement of an old key', () => {
  it('removes it, sees it refused while the new key is accepted, and closes the case on that proof', async () => {
    const { one, chunk, fresh, old } = await newRetired();
    expect(await one.work(chunk)).toBe('worked');
    expect(await one.verdicts()).toEqual({ [old]: 'refused', [fresh]: 'accepted' });
    expect(await one.published()).toEqual([fresh]);
    expect(await one.credential(old)).toMatchObject({ state: 'dead' });
    const { case: worked, obligations } = await obligationsOf(one, chunk.case);
    expect(worked).toMatchObject({ state: 'closed' });
    expect(obligations).toMatchObject([{ id: old, state: 'dead' }]);
    const [revoked] = (await rig.entriesOf(`case/${chunk.case}`)).filter(({ kind }) => kind === 'revoked');
    expect(revoked?.facts['attempts']).toMatchObject([
      { verdict: 'dead', proof: { kind: 'refused', vantages: ['token-endpoint'] } },
    ]);
    await rig.pass(10 * minuteMs);
    await one.due();
    const rested = await one.rotation();
    expect(rested).toMatchObject({ state: 'resting', number: 1, current: fresh });
    expect(rested).not.toHaveProperty('other');
  });

  it('is followed by the next rotation, which makes a third key once the first is dead', async () => {
    const { one, chunk, fresh, old } = await newRetired();
    await one.work(chunk);
    await rig.pass(10 * minuteMs);
    await one.due();
    await rig.pass(86_400_000);
    await one.rotate();
    const { current, other, number } = await one.rotation();
    expect([number, other]).toEqual([2, fresh]);
    expect(await one.verdicts()).toEqual({ [old]: 'refused', [fresh]: 'accepted', [current]: 'accepted' });
  });

  it('stays open while the server accepts the old key, and ends when it refuses the key', async () => {
    const { one, chunk, fresh, old } = await newRetired();
    await rig.world.authority.behave('registration', 'lie-200');
    await one.work(chunk);
    expect(await one.verdicts()).toEqual({ [old]: 'accepted', [fresh]: 'accepted' });
    expect((await obligationsOf(one, chunk.case)).obligations).toMatchObject([
      { state: 'open', attempts: 1 },
    ]);
    expect(await one.credential(old)).toMatchObject({ state: 'condemned' });
    await rig.pass(10 * minuteMs);
    await one.due();
    expect(await one.rotation()).toMatchObject({ state: 'retiring' });
    await rig.world.authority.behave('registration', 'normal');
    await one.work(chunk);
    expect(await one.credential(old)).toMatchObject({ state: 'dead' });
  });

  it('changes nothing while the new key does not work: the old key is the only one that works', async () => {
    const { one, chunk, fresh, old } = await newRetired();
    const { verbs, at } = one.registration();
    await verbs.changeKeys(await at(), (keys) => keys.filter(({ kid }) => kid !== fresh));
    await one.work(chunk);
    expect(await one.verdicts()).toEqual({ [old]: 'accepted', [fresh]: 'refused' });
    expect((await obligationsOf(one, chunk.case)).obligations).toMatchObject([{ state: 'open' }]);
  });

  it('does not count as proven at a server that refuses every key', async () => {
    const { one, chunk, old } = await newRetired();
    const { fetch } = one.deps;
    // from the update on, every token is refused
    one.deps.fetch = async (target, init) => {
      const answer = await fetch(target, init);
      if (init?.method === 'PUT') await rig.world.authority.behave('token', 'http-401');
      return answer;
    };
    await one.work(chunk);
    expect((await obligationsOf(one, chunk.case)).obligations).toMatchObject([{ state: 'open' }]);
    await rig.world.authority.behave('token', 'normal');
    one.deps.fetch = fetch;
    await rig.pass(10 * minuteMs);
    await one.work(chunk);
    expect(await one.credential(old)).toMatchObject({ state: 'dead' });
  });

  it('is proven by the other key if a crash lost the earlier sighting', async () => {
    const { one, chunk, fresh, old } = await newRetired();
    const { verbs, at } = one.registration();
    await verbs.changeKeys(await at(), (keys) => keys.filter(({ kid }) => kid !== old));
    await one.work(chunk);
    expect((await obligationsOf(one, chunk.case)).obligations).toMatchObject([{ state: 'dead' }]);
    expect(await one.verdicts()).toEqual({ [old]: 'refused', [fresh]: 'accepted' });
  });

  it('waits while the client is not registered', async () => {
    const { one, chunk } = await newRetired();
    one.deps.clients = { find: async () => undefined };
    await one.work(chunk);
    expect((await obligationsOf(one, chunk.case)).obligations).toMatchObject([
      { state: 'open', attempts: 0 },
    ]);
    expect(await one.published()).toHaveLength(2);
  });
});

describe('a cut-off of a partner with a client', () => {
  it('kills its only key, and leaves a tombstone whose private key does not exist', async () => {
    const one = await rig.newClient();
    const chunk = await cutOff(one, [one.client.keyId]);
    await one.work(chunk);
    expect(await one.verdicts()).toEqual({ [one.client.keyId]: 'refused' });
    expect(await one.published()).toEqual([expect.stringMatching(/^rescind-tombstone-/)]);
    expect((await obligationsOf(one, chunk.case)).case).toMatchObject({ state: 'closed' });
  });

  it('kills both keys of an overlap, whichever comes first', async () => {
    const one = await rig.newClient();
    await one.rotate();
    const { current, other } = await one.rotation();
    const chunk = await cutOff(one, [current, String(other)]);
    await one.work(chunk);
    expect(await one.verdicts()).toEqual({ [current]: 'refused', [String(other)]: 'refused' });
    expect(await one.published()).toEqual([expect.stringMatching(/^rescind-tombstone-/)]);
    expect((await obligationsOf(one, chunk.case)).case).toMatchObject({ state: 'closed' });
  });

  it('proves the last key dead by a throw-away key, if it was not seen active in time', async () => {
    const one = await rig.newClient();
    const { keyId } = one.client;
    const chunk = await cutOff(one, [keyId]);
    const { fetch } = one.deps;
    // the answer to the update is lost, and so is everything after it
    one.deps.fetch = async (target, init) => {
      const answer = await fetch(target, init);
      if (init?.method === 'PUT') await rig.world.authority.behave('token', 'http-503');
      return answer;
    };
    await one.work(chunk);
    expect(await one.credential(keyId)).toMatchObject({ state: 'condemned' });
    await rig.world.authority.behave('token', 'normal');
    one.deps.fetch = fetch;
    await rig.pass(10 * minuteMs);
    await one.work(chunk);
    const [revoked] = (await rig.entriesOf(`case/${chunk.case}`)).filter(({ kind }) => kind === 'revoked');
    expect(revoked?.facts['attempts']).toMatchObject([{ proof: { control: 'canary' } }]);
    expect(await one.published()).toEqual([expect.stringMatching(/^rescind-tombstone-/)]);
    expect(await one.verdicts()).toEqual({ [keyId]: 'refused' });
  });

  it('also ends a retirement that is in progress', async () => {
    const { one, chunk, fresh, old } = await newRetired();
    const cut = await cutOff(one, [fresh, old]);
    await one.work(cut);
    await one.work(chunk);
    expect((await obligationsOf(one, cut.case)).case).toMatchObject({ state: 'closed' });
    expect((await obligationsOf(one, chunk.case)).case).toMatchObject({ state: 'closed' });
    expect(await one.credential(credentialId(old))).toMatchObject({ state: 'dead' });
    expect(await one.verdicts()).toEqual({ [old]: 'refused', [fresh]: 'refused' });
  });
});

describe('a chunk with tokens and keys', () => {
  it('is worked on by one connector for the tokens, then by one for the keys', async () => {
    const one = await rig.newClient();
    const { keyId, partner } = one.client;
    const { refreshToken } = await rig.world.authority.mint('acme', fresh('customer'));
    const token = credentialOf({ id: credentialId(fresh('rt')), partner, consent: undefined });
    await rig.store.given({ kind: 'add-credential', credential: token });
    one.deps.openHandle = async () => new Secret(refreshToken);
    const chunk = await cutOff(one, [keyId, token.id]);
    const called: string[] = [];
    const { fetch } = one.deps;
    one.deps.fetch = async (target, init) => {
      if (target.endsWith('/revocation') || init?.method === 'PUT') called.push(init?.method ?? '');
      return fetch(target, init);
    };
    await one.work(chunk);
    const { case: worked, obligations } = await obligationsOf(one, chunk.case);
    expect(worked).toMatchObject({ state: 'closed' });
    expect(obligations.map(({ state }) => state)).toEqual(['dead', 'dead']);
    // the token, then what a try of the key minted, then the key; last the canary that vouches for its refusal
    expect(called).toEqual(['POST', 'POST', 'PUT', 'PUT', 'POST']);
  });
});
