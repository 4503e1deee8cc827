import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { clientId } from '../../lib/domain/ids.ts';
import { keySecretOf } from '../../lib/domain/rotation/client.ts';
import type { RotationState } from '../../lib/domain/rotation/rotation.ts';
import { ConnectionLost } from '../cloud/service.ts';
import { resourceOf } from '../journey/rig.ts';
import { overlapSeconds, rotatingClient } from '../story/cast.ts';
import { callerOf, ordered } from '../story/operator.ts';
import { setStage, type Stage } from '../story/stage.ts';
import { recount } from './recount.ts';

const minute = 61_000;

/** How long the application waits from one use of the secret to the next. */
const restMs = 20;

/** The commit that each of the four steps ends with. */
const commitOf = {
  createSecret: 'created',
  setSecret: 'published',
  testSecret: 'tested',
  finishSecret: 'overlap',
} as const satisfies Record<string, RotationState>;
type Step = keyof typeof commitOf;

/** Whether this transaction moves the rotation there. */
function moves(input: unknown, to: RotationState): boolean {
  const { TransactItems = [] } = input as {
    TransactItems?: { Put?: { Item: Record<string, AttributeValue> } }[];
  };
  return TransactItems.some(({ Put }) => {
    const row = Put && unmarshall(Put.Item);
    return row?.['sk'] === 'rotation' && row['state'] === to;
  });
}

/** Kills the rotator once when it comes to commit this step; `then` says what becomes of the call. */
function killAt({ world }: Stage, step: Step, then: 'drop' | 'execute'): () => boolean {
  let killed = false;
  world.gateway.use(async (call, next) => {
    const hit =
      !killed &&
      call.caller.name === 'rotate-secret' &&
      call.operation === 'TransactWriteItems' &&
      moves(call.input, commitOf[step]);
    if (!hit) return next();
    killed = true;
    await world.lambda.kill(world.physicalName('rotate-secret'));
    if (then === 'execute') await next();
    throw new ConnectionLost('the rotator is gone');
  });
  return () => killed;
}

/** P2, P5, P8, P11. */
describe('a rotation', () => {
  const stages: Stage[] = [];
  afterEach(async () => {
    for (const stage of stages.splice(0)) await stage.close();
  });

  /** From the order to the death of the old key, with somebody at the door of the bank's server all the time. */
  async function rotate(disturb: (stage: Stage) => void, sweeps = 1) {
    const stage = await setStage({ assembly: inject('assembly') });
    stages.push(stage);
    disturb(stage);
    const { world, tables } = stage;
    // the others have no part in a rotation; a death may leave an event in the outbox
    world.scheduler.paused = true;
    const heartbeats = ['Rotation', 'SendEvents'].map(
      (name) => resourceOf(world, 'AWS::Scheduler::Schedule', `${name}Heartbeat`).name,
    );
    const secrets = new SecretsManagerClient(callerOf(world, 'acme-app'));
    const current = async () => {
      const asked = new GetSecretValueCommand({ SecretId: keySecretOf(rotatingClient) });
      return JSON.parse((await secrets.send(asked)).SecretString ?? '{}') as { kid?: string };
    };
    const first = await current();
    let over = false;
    let jump: Promise<void> = Promise.resolve();
    const answers: string[] = [];
    let busy = false;
    const idle = async () => {
      while (busy) await new Promise((done) => setTimeout(done, 5));
    };
    const application = (async () => {
      while (!over) {
        // no assertion is under way while the clock jumps: it would be too old when it arrives
        await jump;
        // as a user of the secret does: read it, use it
        busy = true;
        const answer = await (await stage.acmeWith(await current())).authenticate();
        busy = false;
        answers.push(answer.ok ? 'accepted' : answer.error);
        await new Promise((done) => setTimeout(done, restMs));
      }
    })();
    /** Whoever read the key before has used it. */
    const used = async () => {
      for (const seen = answers.length; answers.length < seen + 2;)
        await new Promise((done) => setTimeout(done, 10));
    };
    const order = { command: 'rotate', client: rotatingClient, reason: 'test' } as const;
    await ordered('rotation-ordered', stage.order('alice', order));
    const sweep = async (ms: number) => {
      let landed = () => {};
      jump = new Promise((done) => (landed = done));
      await idle();
      await world.clock.advance(ms);
      landed();
      await Promise.all(heartbeats.map((name) => world.scheduler.fire(name)));
      for (let twice = 1; twice < sweeps; twice += 1)
        await Promise.all([world.invoke('rotate-due', {}), world.invoke('rotate-due', {})]);
      await world.settle();
      await used();
    };
    // Secrets Manager tries again a minute later, and two minutes after that
    for (let tries = 0; tries < 5; tries += 1) {
      await sweep(minute);
      if ((await tables.rotations.find(clientId(rotatingClient)))?.state === 'overlap') break;
    }
    await sweep(overlapSeconds * 1000 + minute);
    // the row rests once the old key is seen dead
    await sweep(2 * minute);
    over = true;
    await application;
    const second = await current();
    const refusesOld = await stage.clients.acme.authenticate();
    const { differences } = await stage.observer.compareLedger();
    return {
      rotation: await tables.rotations.find(clientId(rotatingClient)),
      isOther: first.kid !== second.kid,
      old: refusesOld.ok ? 'accepted' : refusesOld.error,
      answers: [...new Set(answers)],
      differences,
      counts: await recount(stage),
    };
  }

  let undisturbed: Awaited<ReturnType<typeof rotate>>;
  beforeAll(async () => {
    undisturbed = await rotate(() => {});
  });
  const healthy = {
    rotation: { state: 'resting', number: 1 },
    isOther: true,
    old: 'invalid_client',
    answers: ['accepted'],
    differences: [],
  };

  it('ends with another key, the old one dead, and a key that worked all the time', () => {
    expect(undisturbed).toMatchObject(healthy);
  });

  const kills = (Object.keys(commitOf) as Step[]).flatMap((step) =>
    (['drop', 'execute'] as const).map((then) => ({ step, then })),
  );

  it.each(kills)(
    'ends the same where the rotator dies at $step and its commit is a $then',
    async ({ step, then }) => {
      let killed = () => false;
      const { counts, ...seen } = await rotate((stage) => {
        killed = killAt(stage, step, then);
      });
      expect(killed()).toBe(true);
      expect(seen).toMatchObject(healthy);
      expect(counts).toEqual(undisturbed.counts);
    },
  );

  it('ends the same where every sweep runs three times, twice at once', async () => {
    const { counts, ...seen } = await rotate(() => {}, 2);
    expect(seen).toMatchObject(healthy);
    expect(counts).toEqual(undisturbed.counts);
  });
});
