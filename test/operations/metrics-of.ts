import * as z from 'zod';
import type { InvocationRecord, LogLine } from '../cloud/services/lambda/function.ts';
import type { World } from '../cloud/world.ts';
import type { Datapoint } from './evaluate-alarm.ts';

/** CloudWatch User Guide, "Specification: Embedded metric format". */
const embedded = z.looseObject({
  _aws: z.object({
    Timestamp: z.number(),
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string(), Unit: z.string() })),
      }),
    ),
  }),
});

/** The numbers in a line of a log, where it has some. */
export function embeddedMetrics(text: string): readonly Datapoint[] {
  if (!text.includes('"_aws"')) return [];
  const line = embedded.parse(JSON.parse(text));
  const { _aws: told } = line;
  return told.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.flatMap(({ Name }) =>
        [line[Name]].flat().map((value) => ({
          namespace: Namespace,
          name: Name,
          dimensions: Object.fromEntries(names.map((name) => [name, z.string().parse(line[name])])),
          at: told.Timestamp,
          value: z.number().parse(value),
        })),
      ),
    ),
  );
}

/** Watches a world as CloudWatch does: what functions write, how often they run and fail, what queues hold. */
export function watch(world: World) {
  const runs: InvocationRecord[] = [];
  world.lambda.onInvocation((record) => void runs.push(record));
  return {
    points: (): readonly Datapoint[] => [
      ...world.logs.flatMap(({ text }: LogLine) => embeddedMetrics(text)),
      ...runs.flatMap(ofRun),
      ...ofQueues(world),
    ],
  };
}

function ofRun({ function: FunctionName, outcome, endedAt: at }: InvocationRecord): readonly Datapoint[] {
  const told = { namespace: 'AWS/Lambda', dimensions: { FunctionName }, at };
  return [
    { ...told, name: 'Invocations', value: 1 },
    { ...told, name: 'Errors', value: outcome.ok ? 0 : 1 },
  ];
}

/** As they are now. */
function ofQueues(world: World): readonly Datapoint[] {
  return world.stack.of('AWS::SQS::Queue').map(({ arn, name }) => ({
    namespace: 'AWS/SQS',
    name: 'ApproximateNumberOfMessagesVisible',
    dimensions: { QueueName: name },
    at: world.clock.now(),
    value: world.sqs.inspect(arn).visible,
  }));
}
