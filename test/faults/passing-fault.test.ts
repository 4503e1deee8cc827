import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { readSettings } from '../../lib/stack/settings/read-settings.ts';
import type { FunctionName } from '../../lib/wire/environment.ts';
import { AwsError, ConnectionLost, type Middleware } from '../cloud/service.ts';
import { brokenBundle } from '../journey/broken-bundle.ts';
import { setStage, type Stage } from '../story/stage.ts';
import { openAccount, subject } from './one-account.ts';

/** What a withdrawal has until it takes effect, where nobody set more. */
const targetSeconds = readSettings({}).targets['default']?.effectSeconds ?? 0;
/** Of the queue Signals. */
const visibilitySeconds = 180;
const stepSeconds = 5;
/** Real time that the functions have at each step of the clock. */
const stepMs = 300;

/** The SDK tries five times before intake gives the signal up. */
const triesOfSdk = 5;

/** DynamoDB fails at so many receives of a signal by intake, and is well again. */
const failures = (receives: number) => (): Middleware => {
  let left = receives * triesOfSdk;
  return async (call, next) => {
    if (call.caller.name !== 'take-signal' || call.service !== 'dynamodb' || left === 0) return next();
    left -= 1;
    throw new AwsError('com.amazonaws.dynamodb.v20120810#InternalServerError', 'broken on purpose', {
      statusCode: 500,
    });
  };
};

/** SQS does not do what is asked of it, while DynamoDB fails once. */
const failureWithoutSqs = (): Middleware => {
  const failing = failures(1)();
  return async (call, next) => {
    if (call.operation !== 'ChangeMessageVisibility') return failing(call, next);
    throw new AwsError('com.amazonaws.sqs#AccessDenied', 'broken on purpose', { statusCode: 403 });
  };
};

/** Intake ends in the middle of its first commit, and says nothing to anybody. */
const crash = ({ world }: Stage): Middleware => {
  let crashed = false;
  return async (call, next) => {
    if (crashed || call.caller.name !== 'take-signal' || call.operation !== 'TransactWriteItems')
      return next();
    crashed = true;
    await world.lambda.kill(world.physicalName('take-signal'));
    throw new ConnectionLost('intake is gone');
  };
};

/** Seconds of the local clock from the announcement of a withdrawal to its effect, and what the log warns of meanwhile. */
async function effectOf(
  fault: (stage: Stage) => Middleware,
  bundles: Partial<Record<FunctionName, string>> = {},
): Promise<{ readonly seconds: number; readonly warnings: number }> {
  const stage = await setStage({ assembly: inject('assembly'), bundles });
  onTestFinished(() => stage.close());
  const { world, bank, tables } = stage;
  await openAccount(stage);
  // the heartbeats do not help a signal, and each minute has many
  world.scheduler.paused = true;
  world.gateway.use(fault(stage));
  const announcedAt = world.clock.now();
  await bank.withdraw('consent-1');
  let seconds = 0;
  for (; seconds <= 2 * visibilitySeconds; seconds = (world.clock.now() - announcedAt) / 1_000) {
    await world.settle(stepMs);
    if ((await tables.fences.find(subject)) !== undefined) break;
    await world.clock.advance(stepSeconds * 1_000);
  }
  const warnings = world.logs.filter(({ text }) => text.includes('waits for the visibility timeout'));
  return { seconds, warnings: warnings.length };
}

/** P9: a fault that passes costs seconds, not the visibility timeout of a queue. */
describe('a withdrawal', () => {
  it.each([1, 3])('at which DynamoDB fails %i times takes effect within its target', async (times) => {
    expect(targetSeconds).toBe(60);
    const { seconds, warnings } = await effectOf(failures(times));
    expect(seconds).toBeLessThan(targetSeconds);
    // it did fail
    expect(seconds).toBeGreaterThanOrEqual(2);
    expect(warnings).toBe(0);
  });

  it('is late where intake leaves it to the visibility timeout', async () => {
    const bundle = await brokenBundle('take-signal', {
      file: 'lib/aws/lambda/runtime.ts',
      from: 'if (retrySoon) await tryRetrySoon(record, retrySoon);',
      to: '',
    });
    const { seconds } = await effectOf(failures(1), { 'take-signal': bundle });
    expect(seconds).toBeGreaterThanOrEqual(visibilitySeconds);
  });

  it('falls back on the visibility timeout where SQS refuses to bring it back, and the log says so', async () => {
    const { seconds, warnings } = await effectOf(() => failureWithoutSqs());
    expect(seconds).toBeGreaterThanOrEqual(visibilitySeconds);
    expect(seconds).toBeLessThan(visibilitySeconds + 4 * stepSeconds);
    expect(warnings).toBe(1);
  });

  it('falls back on the visibility timeout where intake crashes', async () => {
    const { seconds } = await effectOf(crash);
    expect(seconds).toBeGreaterThanOrEqual(visibilitySeconds);
    expect(seconds).toBeLessThan(visibilitySeconds + 4 * stepSeconds);
  });
});
