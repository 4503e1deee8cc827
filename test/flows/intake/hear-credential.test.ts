import { beforeAll, describe, expect, it } from 'vitest';
import { hearSignal } from '../../../lib/flows/intake/hear-signal.ts';
import { freshKeys, type Keys, sealed } from '../../keys/tokens.ts';
import { full } from '../../wire/announcements.ts';
import { bodyOf, hearing, rejectionIn, signalIn } from '../envelopes.ts';

const { handle: _, sha256: hash, ...told } = full['Credential Issued'].credential;
const { id: __, ...nameless } = told;
const hear = (credential: object) =>
  hearSignal(
    bodyOf({ ...full['Credential Issued'], credential }, { 'detail-type': 'Credential Issued' }),
    hearing,
  );

let keys: Keys;
beforeAll(async () => {
  keys = await freshKeys();
});

async function heard(credential: object) {
  const signal = signalIn(await hear(credential));
  if (signal.kind !== 'CredentialIssued') throw new Error(`parsed as ${signal.kind}`);
  return signal.credential;
}

describe('parseSignal: an issued credential', () => {
  it('keeps the public reference that the sender gave', async () => {
    expect(await heard(told)).toEqual({ ...told, fingerprint: undefined });
  });

  it('keeps the keyed fingerprint and never the hash of the sender', async () => {
    const credential = await heard({ ...told, sha256: hash });
    expect(credential).toMatchObject({ id: 'rt-1', fingerprint: `print-of-${hash}` });
    expect(credential).not.toHaveProperty('sha256');
  });

  it('is identified by its fingerprint if it has no reference', async () => {
    expect(await heard({ ...nameless, sha256: hash })).toMatchObject({ id: `fp-print-of-${hash}` });
  });
});

describe('parseSignal: the handle of a credential', () => {
  const mine = { authority: 'bank', partner: 'fintech', credential: 'rt-1' };

  it('is accepted when it is bound to exactly this credential', async () => {
    const handle = await sealed(keys, mine);
    expect(await heard({ ...told, handle })).toMatchObject({ handle });
  });

  it('is accepted when it is bound to the hash of a credential without a reference', async () => {
    const handle = await sealed(keys, { ...mine, credential: `sha256:${hash}` });
    expect(await heard({ ...nameless, sha256: hash, handle })).toMatchObject({ handle });
  });

  // Otherwise any sender of events could make the worker post a victim's token to the sender's own endpoint.
  it.each(['authority', 'partner', 'credential'] as const)(
    'is refused when it is bound to another %s',
    async (member) => {
      const handle = await sealed(keys, { ...mine, [member]: 'victim' });
      const rejection = rejectionIn(await hear({ ...told, handle }));
      expect(rejection.code).toBe('transplanted');
      expect(rejection.reason).not.toContain('victim');
      expect(rejection.reason).not.toContain(handle);
    },
  );

  it('is refused when it is bound to the hash of another credential', async () => {
    const handle = await sealed(keys, { ...mine, credential: `sha256:${'0'.repeat(64)}` });
    expect(rejectionIn(await hear({ ...nameless, sha256: hash, handle })).code).toBe('transplanted');
  });

  it('is refused when its header cannot be read', async () => {
    expect(rejectionIn(await hear({ ...told, handle: 'aa.bb.cc.dd.ee' })).code).toBe('transplanted');
  });

  it('is refused when it is a raw token, and the reason does not repeat the token', async () => {
    const rejection = rejectionIn(await hear({ ...told, handle: 'CANARY-raw-token' }));
    expect(rejection.code).toBe('malformed');
    expect(rejection.reason).toContain('credential.handle: ');
    expect(rejection.reason).not.toContain('CANARY');
  });
});
