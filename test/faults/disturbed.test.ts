import { beforeAll, describe, expect, it } from 'vitest';
import type { Middleware } from '../cloud/service.ts';
import { ConnectionLost } from '../cloud/service.ts';
import type { Act } from '../story/play.ts';
import type { Stage } from '../story/stage.ts';
import type { FunctionName } from '../../lib/wire/environment.ts';
import { type Break, brokenBundle } from '../journey/broken-bundle.ts';
import { play } from '../journey/play.ts';
import { recount } from './recount.ts';

/** P2, P5, P8: whatever happens on the way, the end is that of an undisturbed run. */
interface Fault {
  readonly fault: string;
  readonly disturb: (stage: Stage) => void;
  /** The same fault on a system that is broken for it must be seen: the check can fail. */
  readonly brokenFor: string;
  readonly breaks: Partial<Record<FunctionName, readonly Break[]>>;
}

const isOutcome = (input: unknown): boolean =>
  JSON.stringify(input).includes('"#uncovered = :uncovered"') ||
  JSON.stringify(input).includes('#last = :last');

/** Kills the worker when its first outcome arrives at the database; `then` says what becomes of the call. */
const killAtOutcome =
  (then: 'drop' | 'execute') =>
  (stage: Stage): void => {
    let killed = false;
    const middleware: Middleware = async (call, next) => {
      if (
        killed ||
        call.caller.name !== 'work-obligations' ||
        call.operation !== 'TransactWriteItems' ||
        !isOutcome(call.input)
      )
        return next();
      killed = true;
      await stage.world.lambda.kill(stage.world.physicalName('work-obligations'));
      if (then === 'execute') await next();
      // the message comes back after its visibility timeout, the turn is over by then
      void stage.world.clock.advance(181_000);
      throw new ConnectionLost('the worker is gone');
    };
    stage.world.gateway.use(middleware);
  };

const noConditionOnNewRows: Break = {
  file: 'lib/aws/dynamodb/expressions.ts',
  from: "export const isNew = { if: 'attribute_not_exists(#pk)' } as const;",
  to: 'export const isNew = {} as const;',
};
const turnForEver: Break = {
  file: 'lib/domain/limits.ts',
  from: 'export const turnSeconds = 40;',
  to: 'export const turnSeconds = 1e8;',
};

const faults: readonly Fault[] = [
  {
    fault: 'every event sent twice and every message delivered twice, in any order',
    disturb: ({ world }) => {
      world.gateway.use(async (call, next) => {
        if (call.operation === 'PutEvents' && ['bank', 'aggregator'].includes(call.caller.name)) await next();
        return next();
      });
      let seed = 7;
      world.sqs.setDelivery({
        duplicate: () => true,
        shuffle: () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647,
      });
    },
    brokenFor: 'an intake that does not ask whether a row is new',
    breaks: { 'take-signal': [noConditionOnNewRows] },
  },
  {
    fault: "the worker killed between the authority's 200 and our commit",
    disturb: killAtOutcome('drop'),
    brokenFor: 'a turn that never ends',
    breaks: { 'work-obligations': [turnForEver] },
  },
  {
    fault: 'the worker killed while its commit goes through',
    disturb: killAtOutcome('execute'),
    brokenFor: 'a turn that never ends, and no other way to close',
    breaks: {
      'work-obligations': [turnForEver],
      'plan-case': [
        {
          file: 'lib/flows/walk/plan-case.ts',
          from: "if ((await closeCase(id, deps)) !== 'working') return;",
          to: 'if (id) return;',
        },
      ],
    },
  },
  {
    fault: "DynamoDB's answer lost after each commit",
    disturb: ({ world }) => {
      const lost = new Set<string>();
      world.gateway.use(async (call, next) => {
        const answer = await next();
        const { ClientRequestToken } = call.input as { ClientRequestToken?: string };
        if (call.operation !== 'TransactWriteItems' || !ClientRequestToken || lost.has(ClientRequestToken))
          return answer;
        lost.add(ClientRequestToken);
        throw new ConnectionLost('committed, and nobody hears of it');
      });
    },
    brokenFor: 'a client that commits again under another token, without conditions',
    breaks: {
      'take-signal': [
        noConditionOnNewRows,
        {
          file: 'lib/aws/dynamodb/commit.ts',
          from: 'await client.send(new TransactWriteItemsCommand({ TransactItems }));',
          to: `await client.send(new TransactWriteItemsCommand({ TransactItems: TransactItems.filter((item) => !item.ConditionCheck) }));
        await client.send(new TransactWriteItemsCommand({ TransactItems: JSON.parse(JSON.stringify(TransactItems)).map((item: { Put?: { Item: { sk?: { S: string }; pk: { S: string } }; TableName: string } }) => { if (item.Put && /^(entry|pending)#/.test(item.Put.Item.pk.S) && item.Put.Item.sk) item.Put.Item.sk.S += '2'; return item; }) }));`,
        },
      ],
    },
  },
  {
    fault: 'every wake-up of planner and worker lost',
    disturb: ({ world }) => {
      const source = (call: { readonly operation: string; readonly caller: { readonly name: string } }) =>
        /^SendMessage/.test(call.operation) && ['take-signal', 'plan-case'].includes(call.caller.name);
      // the messages go astray: to a queue that nobody reads
      world.gateway.use(async (call, next) => {
        if (source(call))
          (call.input as { QueueUrl?: string }).QueueUrl =
            world.environment['RESCIND_REJECTED_QUEUE_URL'] ?? '';
        return next();
      });
      // the chaser is needed twice in each act: once for the planner, once for the worker
      void (async () => {
        for (let minute = 0; minute < 40; minute += 1) {
          await new Promise((done) => setTimeout(done, 400));
          await world.clock.advance(61_000);
        }
      })();
    },
    brokenFor: 'a chaser that wakes nobody',
    breaks: {
      'chase-obligations': [
        {
          file: 'lib/flows/sweeps/due-rows.ts',
          from: 'turn < dueShards',
          to: 'turn < 0',
        },
      ],
    },
  },
];

/** A rotation is disturbed in a suite of its own. */
const acts: readonly Act[] = ['withdrawal', 'expiry', 'second-withdrawal', 'cut-off', 'ledger'];

/** What a broken system does wrong shows here already. */
const firstAct: readonly Act[] = ['withdrawal'];

/** An attempt that the clock overtook proves nothing, and says so in one more entry. */
const settled = (counts: Readonly<Record<string, number>>) => ({ ...counts, 'LEDGER probed': 0 });

describe('a disturbed world', () => {
  const run = async (
    options: Pick<Parameters<typeof play>[0] & object, 'acts' | 'onStage' | 'bundles' | 'patienceMs'>,
  ) => {
    let counts: Readonly<Record<string, number>> = {};
    const { exitCode, summary } = await play({
      ...options,
      onEnd: async (stage) => void (counts = await recount(stage)),
    });
    return { exitCode, summary, counts };
  };

  let undisturbed: Awaited<ReturnType<typeof run>>;
  let undisturbedAct: typeof undisturbed;
  beforeAll(async () => {
    undisturbed = await run({ acts });
    undisturbedAct = await run({ acts: firstAct });
  });

  it.each(faults)('ends as an undisturbed one with $fault', async ({ disturb }) => {
    const { summary, counts } = await run({ acts, onStage: disturb, patienceMs: 15_000 });
    expect(summary?.claims.filter(({ ok }) => !ok)).toEqual([]);
    expect(settled(counts)).toEqual(settled(undisturbed.counts));
  });

  it.each(faults)('is seen to fail with $fault on $brokenFor', async ({ disturb, breaks }) => {
    const bundles: Partial<Record<FunctionName, string>> = {};
    for (const [name, list] of Object.entries(breaks))
      bundles[name as FunctionName] = await brokenBundle(name as FunctionName, ...list);
    const { exitCode, counts } = await run({ acts: firstAct, onStage: disturb, bundles, patienceMs: 2_000 });
    expect({ exitCode, counts: settled(counts) }).not.toEqual({
      exitCode: 0,
      counts: settled(undisturbedAct.counts),
    });
  });
});
