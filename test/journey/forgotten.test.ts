import { expect, inject, it, onTestFinished } from 'vitest';
import { consentId } from '../../lib/domain/ids.ts';
import { ordered } from '../story/operator.ts';
import { setStage } from '../story/stage.ts';
import { itemsOf } from './rig.ts';

/** P8: who is forgotten at the operator's door is linked to nothing in the tables. */
it('a customer whom an operator forgets is nobody any more, and nobody the second time', async () => {
  const stage = await setStage({ assembly: inject('assembly') });
  onTestFinished(() => stage.close());
  await stage.bank.grant({ id: 'c-1', partner: 'acme', customer: 'k-1' });
  expect(await stage.world.settle()).toBe(true);
  const links = async () =>
    (await itemsOf(stage.world, 'REGISTRY')).filter(({ pk }) => JSON.stringify(pk).includes('customer'));
  expect(await links()).not.toEqual([]);
  const consent = await stage.tables.consents.find(consentId('c-1'), 1);
  const forget = { command: 'forget', customer: consent?.customer ?? '', reason: 'asked for it' } as const;
  await ordered('forgotten', stage.order('alice', forget));
  expect(await links()).toEqual([]);
  const again = await ordered('refused', stage.order('alice', forget));
  expect(again.code).toBe('customer-unknown');
});
