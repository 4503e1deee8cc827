import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { caseId } from '../../lib/domain/ids.ts';
import { Secret } from '../../lib/domain/secret.ts';
import { sealHandle, type KeySet } from '../../lib/keys/handle.ts';
import { setStage, type Stage } from '../story/stage.ts';
import { announce as announceIn, entriesOf } from './rig.ts';

/**
 * P7: a listed sender puts a victim's handle into an event of its own, under an authority of its own, to have the worker post the
 * token there. The stranger is the aggregator, whose server counts the calls that it hears.
 */
describe('a handle that was made for another credential', () => {
  let stage: Stage;
  let handle: string;
  let token: string;
  beforeAll(async () => {
    stage = await setStage({ assembly: inject('assembly') });
    ({ refreshToken: token } = await stage.authority.mint('acme', 'customer-1'));
    const keys = JSON.parse((await stage.tables.published.jwks()) ?? '') as KeySet;
    const binding = { authority: 'bank', partner: 'acme', credential: 'rt-victim' };
    handle = await sealHandle(keys, binding, new Secret(token));
  });
  afterAll(() => stage.close());

  const occurredAt = '2026-11-24T09:00:00Z';
  const announce = (source: string, type: string, detail: object) =>
    announceIn(stage.world, { source, type, detail: { version: 1, occurredAt, ...detail } });
  const issue = (id: string, stolen: string) =>
    announce('aggregator.tokens', 'Credential Issued', {
      id: `issued-${id}`,
      credential: {
        ...{ authority: 'aggregator', id, kind: 'refresh_token', partner: 'acme', handle: stolen },
        consent: { id: `consent-${id}`, generation: 1 },
      },
    });
  const entries = (kind: string) => entriesOf(stage.world, kind);

  it('is refused at the door as it stands, and recorded', async () => {
    await issue('mine', handle);
    expect(
      await stage.tables.credentials.find({ authority: 'aggregator', id: 'mine' } as never),
    ).toBeUndefined();
    expect(await entries('rejected')).toMatchObject([{ facts: { code: 'transplanted' } }]);
  });

  it('with a header that was written anew is never opened: the case stays open and says why, and nothing is sent', async () => {
    const [, ...rest] = handle.split('.');
    const [head = ''] = handle.split('.');
    const said = JSON.parse(Buffer.from(head, 'base64url').toString()) as object;
    const forged = { ...said, authority: 'aggregator', credential: 'forged' };
    await issue('forged', [Buffer.from(JSON.stringify(forged)).toString('base64url'), ...rest].join('.'));
    const heard = (await stage.aggregator.authority.requests()).length;
    await announce('bank.consents', 'Consent Withdrawn', {
      id: 'withdrawn-forged',
      consent: { id: 'consent-forged', generation: 1 },
      by: 'customer',
    });
    const id = caseId('consent-withdrawn/consent-forged/1/1');
    const found = await stage.tables.cases.find(id);
    const [owed] = found ? await stage.tables.obligations.of(found) : [];
    expect({ case: found?.state, obligation: owed?.state, last: owed?.last }).toEqual({
      case: 'working',
      obligation: 'open',
      last: expect.stringContaining('undecipherable') as string,
    });
    const undecipherable = (await entries('probed')).filter((entry) =>
      JSON.stringify(entry).includes('refused:undecipherable'),
    );
    expect(undecipherable).toHaveLength(1);
    expect((await stage.aggregator.authority.requests()).length).toBe(heard);
    expect(await stage.auditor.introspect(token)).toBe(true);
  });
});
