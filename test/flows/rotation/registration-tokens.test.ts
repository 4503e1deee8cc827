import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { overlapSeconds } from './register-client.ts';
import { minuteMs, type Rig, startRig } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ rotateRegistrationTokens: true });
});
afterEach(() => rig.world.authority.behave('registration', 'normal'));
afterAll(() => rig?.close());

describe('a server that replaces the registration access token at each update', () => {
  it('gets each update of a rotation and of a retirement with the token that it returned last', async () => {
    const one = await rig.newClient();
    const first = await one.deps.registrationTokens.read(one.client.id);
    await one.rotate();
    const second = await one.deps.registrationTokens.read(one.client.id);
    expect(second?.reveal()).not.toBe(first?.reveal());
    await rig.pass(overlapSeconds * 1000);
    await one.due();
    const [chunk] = one.chunks;
    if (!chunk) throw new Error('no worker was woken');
    await one.work(chunk);
    expect((await one.deps.registrationTokens.read(one.client.id))?.reveal()).not.toBe(second?.reveal());
    const { current, other } = await one.rotation();
    expect(await one.verdicts()).toEqual({ [current]: 'accepted', [String(other)]: 'refused' });
    expect(await one.credential(String(other))).toMatchObject({ state: 'dead' });
  });

  // oidc-provider has discarded the old token by then, and only its operator can issue another
  it('and whose answer is lost leaves the old key current and working, until a person acts', async () => {
    const one = await rig.newClient();
    await rig.world.authority.behave('registration', 'lose-answer');
    await one.rotate();
    await rig.world.authority.behave('registration', 'normal');
    await rig.pass(60 * minuteMs);
    expect(await one.rotation()).toMatchObject({ state: 'created', current: one.client.keyId });
    expect((await one.verdicts())[one.client.keyId]).toBe('accepted');
    expect(one.logged.at(-1)).toMatchObject({
      level: 'error',
      facts: { error: 'RegistrationError', reason: expect.stringContaining('issue another') },
    });
  });
});
