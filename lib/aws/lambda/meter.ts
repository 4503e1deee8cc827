import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import {
  type ByOf,
  type MeasureFacts,
  type MeasureName,
  measures,
  namespace,
} from '../../wire/metrics/measures.ts';

/** Numbers with one set of dimensions that wait for the end of the invocation. */
interface Waiting {
  readonly by?: readonly [name: string, value: string];
  readonly numbers: Map<MeasureName, number>;
}

export type Meter = ReturnType<typeof createMeter>;

/**
 * Counts numbers for CloudWatch and writes them as log lines in its embedded metric format, so that no call is made that could fail.
 * They are written at the end of each invocation, also of a failed one. Several numbers of one measure are added up.
 */
export function createMeter(stage: string) {
  const metrics = new Metrics({ namespace, serviceName: 'rescind' });
  // the library's default dimension `service` would have to be in every alarm
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ stage });
  /** By dimension and value, because one line has one set of dimensions. */
  const waiting = new Map<string, Waiting>();

  function publish(): void {
    for (const { by, numbers } of waiting.values()) {
      if (by) metrics.addDimension(...by);
      for (const [name, value] of numbers) metrics.addMetric(name, measures[name].unit, value);
      metrics.publishStoredMetrics();
    }
    waiting.clear();
  }

  const measure = <Name extends MeasureName>(name: Name, value: number, ...[at]: ByOf<Name>): void => {
    const { by }: MeasureFacts = measures[name];
    const key = by === undefined ? '' : `${by}=${at ?? ''}`;
    const line = waiting.get(key) ?? {
      ...(by !== undefined && { by: [by, at ?? ''] as const }),
      numbers: new Map<MeasureName, number>(),
    };
    line.numbers.set(name, (line.numbers.get(name) ?? 0) + value);
    waiting.set(key, line);
  };

  return {
    measure,
    /** Returns a handler whose numbers are written when it ends. */
    metered:
      <Event, Answer>(handle: (event: Event, context: Context) => Promise<Answer>) =>
      async (event: Event, context: Context): Promise<Answer> => {
        try {
          const answer = await handle(event, context);
          const failed = failuresIn(answer);
          if (failed > 0) measure('RecordsFailed', failed);
          return answer;
        } finally {
          publish();
        }
      },
  };
}

/** Returns the number of failed records in a handler's answer. Lambda counts an invocation with such an answer as a success. */
function failuresIn(answer: unknown): number {
  if (typeof answer !== 'object' || answer === null || !('batchItemFailures' in answer)) return 0;
  return Array.isArray(answer.batchItemFailures) ? answer.batchItemFailures.length : 0;
}
