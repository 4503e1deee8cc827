import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cases } from '../../lib/aws/dynamodb/readers/cases.ts';
import { fences } from '../../lib/aws/dynamodb/readers/fences.ts';
import { obligationRow } from '../../lib/aws/dynamodb/readers/obligation-row.ts';
import { operatorRows } from '../../lib/aws/dynamodb/readers/operator-rows.ts';
import { registry } from '../../lib/aws/dynamodb/readers/registry.ts';
import { newId } from '../../lib/aws/lambda/runtime.ts';
import { credentialId, partnerId } from '../../lib/domain/ids.ts';
import { operate } from '../../lib/flows/operate/operate.ts';
import { authorityOf, credentialOf } from '../domain/objects.ts';
import { tables } from '../aws/world.ts';
import { type Cli, rescind, rescindJson, startCli } from './world.ts';

/** The command line against the real flow of the operator's door, over the local tables; no worker runs on its cases. */
let cli: Cli;
beforeAll(async () => {
  cli = await startCli();
});
beforeEach(() => {
  cli.reset();
  const deps = {
    ...registry(cli.client, tables.registry),
    ...cases(cli.client, tables.cases),
    ...fences(cli.client, tables.fences),
    ...obligationRow(cli.client, tables.cases),
    ...operatorRows(cli.client, tables.cases),
    commit: cli.commit,
    send: async () => {},
    now: () => cli.clock.now(),
    newId,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    wakePlanner: async () => {},
    whyUnreachable: () => undefined,
    regimes: ['default'],
    remainingMs: () => 30_000,
  };
  cli.door.obey = (event) => operate(event, deps);
});
afterAll(() => cli.close());

const arn = (name: string) => `arn:aws:iam::000000000000:user/${name}`;

describe('an operator', () => {
  beforeAll(async () => {
    await cli.given(
      { kind: 'register-authority', authority: authorityOf(), from: null },
      {
        kind: 'register-partner',
        partner: { id: partnerId('acme'), revision: 1, name: 'Acme Ltd' },
        from: null,
      },
    );
    for (const name of ['rt-1', 'rt-2'])
      await cli.given({
        kind: 'add-credential',
        credential: credentialOf({ id: credentialId(name), partner: partnerId('acme') }),
      });
  });

  it('suspends alone, and reinstates with a second operator', async () => {
    cli.as('alice');
    const held = await rescindJson('suspend', '--credential', 'bank/rt-1', '--reason', 'looks odd');
    expect(held).toMatchObject({ code: 0, result: { kind: 'held', by: arn('alice') } });
    const { hold } = held.result as { hold: string };
    cli.as('tester');
    expect(await rescind('inventory', 'list', '--partner', 'acme')).toMatchObject({
      stdout: expect.stringMatching(/bank\/rt-1 .* credential\n/) as string,
    });
    const order = ['reinstate', hold, '--reason', 'false alarm'];
    for (const _ of ['asks', 'asks again']) {
      cli.as('alice');
      expect(await rescindJson(...order)).toMatchObject({
        code: 4,
        result: { kind: 'asked', by: arn('alice') },
      });
    }
    cli.as('bob');
    expect(await rescindJson(...order)).toMatchObject({
      code: 0,
      result: { kind: 'lifted', by: arn('bob'), askedBy: arn('alice') },
    });
    expect(await rescind('suspend', '--partner', 'nobody', '--reason', 'r')).toMatchObject({ code: 3 });
  });

  it('cuts a partner off with exactly what was previewed', async () => {
    const preview = await rescindJson('plan', '--partner', 'acme', '--reason', 'key leaked');
    expect(preview).toMatchObject({ code: 0, result: { count: 2, uncovered: 0, by: arn('tester') } });
    const { plan } = preview.result as { plan: string };
    await cli.given({
      kind: 'add-credential',
      credential: credentialOf({ id: credentialId('rt-3'), partner: partnerId('acme') }),
    });
    expect(await rescind('execute', plan)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('refused (set-changed)') as string,
    });
    const done = await rescindJson(
      'plan',
      '--partner',
      'acme',
      '--reason',
      'key leaked',
      '--execute',
      '--wait',
      '1',
    );
    // no worker runs here, so the case stays open
    expect(done).toMatchObject({
      code: 4,
      result: { kind: 'executed', count: 3, planned: 0, preview: { count: 3 } },
    });
    const { case: id } = done.result as { case: string };
    expect(await rescindJson('case', 'show', id)).toMatchObject({
      code: 0,
      result: { kind: 'emergency-ordered', fence: { case: id, generation: 1 } },
    });
    expect((await rescind('case', 'list')).stdout).toContain('partner acme');
    expect((await rescind('status')).code).toBe(1);
  });
});
