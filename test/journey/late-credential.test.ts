import { expect, inject, it, onTestFinished } from 'vitest';
import { caseIdOf } from '../../lib/domain/case/case.ts';
import { consentId } from '../../lib/domain/ids.ts';
import { setStage } from '../story/stage.ts';
import { stateOfToken } from './rig.ts';

/** P4: what comes under a fence while its case is open joins that case, and no other is opened for it. */
it('a credential that arrives under an open case is walked and killed in it', async () => {
  const stage = await setStage({ assembly: inject('assembly') });
  onTestFinished(() => stage.close());
  const { bank, authority, tables, world } = stage;
  const settle = async () => expect(await world.settle()).toBe(true);
  await bank.grant({ id: 'c-1', partner: 'acme', customer: 'k-1' });
  // nothing here reaches that authority: the case stays open for its key
  await bank.noteKey({ authority: 'elsewhere', id: 'key-1', partner: 'acme', consent: 'c-1' });
  await settle();
  await bank.withdraw('c-1');
  await settle();
  const caseOf = (round: number) =>
    tables.cases.find(
      caseIdOf({
        ...{ kind: 'consent-withdrawn', generation: 1, round },
        subject: { type: 'consent', id: consentId('c-1') },
      }),
    );
  expect((await caseOf(1))?.state).toBe('working');

  const { grant, refreshToken, refreshTokenId } = await authority.mint('acme', 'k-1');
  const late = { id: refreshTokenId, kind: 'refresh_token', partner: 'acme', consent: 'c-1' } as const;
  await bank.issue({ ...late, grant, token: refreshToken });
  await settle();
  expect(await stateOfToken(stage, refreshTokenId)).toBe('dead');
  expect(await caseOf(2)).toBeUndefined();
});
