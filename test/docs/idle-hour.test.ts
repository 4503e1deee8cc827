import { expect, inject, it } from 'vitest';
import { idleHour } from './idle-cost.ts';
import { measureIdleHour } from './idle-hour.ts';

it('an hour at rest asks of AWS what lib/stack/DEPLOY.md reckons with: write what is found into test/docs/idle-cost.ts, then npm run pages', async () => {
  expect(await measureIdleHour(inject('assembly'))).toEqual(idleHour);
});
