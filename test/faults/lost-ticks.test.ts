import { rmSync } from 'node:fs';
import { expect, inject, it, onTestFinished } from 'vitest';
import { Clock } from '../cloud/clock.ts';
import { startWorld } from '../cloud/world.ts';
import { queueArn } from '../journey/rig.ts';
import { copyWith } from '../removals/copies/take-out.ts';
import type { RawResource, RawTemplate } from '../removals/find-statements.ts';

const nobody = 'arn:aws:lambda:eu-west-1:000000000000:function:nobody';

/** Every schedule is about a function that is not there any more. */
function withoutTargets({ Resources, ...rest }: RawTemplate): RawTemplate {
  const astray = (resource: RawResource): RawResource => {
    const { Target, ...properties } = resource.Properties ?? {};
    return { ...resource, Properties: { ...properties, Target: { ...(Target as object), Arn: nobody } } };
  };
  return {
    ...rest,
    Resources: Object.fromEntries(
      Object.entries(Resources).map(([id, one]) => [
        id,
        one.Type === 'AWS::Scheduler::Schedule' ? astray(one) : one,
      ]),
    ),
  };
}

it('a tick that reaches no function is left in Exhausted, by every schedule', async () => {
  const assembly = copyWith(inject('assembly'), withoutTargets);
  onTestFinished(() => rmSync(assembly, { recursive: true }));
  const world = await startWorld({ assembly, clock: new Clock() });
  onTestFinished(() => world.close());
  // one hour is the longest of their intervals, and a minute the longest that they try
  await world.clock.advance(62 * 60_000);
  const left = new Set<string>();
  for (;;) {
    const letters = await world.sqs.receive(queueArn(world, 'Exhausted'), { max: 10 });
    if (letters.length === 0) break;
    for (const { messageAttributes } of letters)
      left.add(messageAttributes['SCHEDULE_ARN']?.StringValue ?? 'nobody’s');
  }
  const schedules = world.stack.of('AWS::Scheduler::Schedule').map(({ arn }) => arn);
  expect(schedules.length).toBeGreaterThan(0);
  expect([...left].toSorted()).toEqual(schedules.toSorted());
});
