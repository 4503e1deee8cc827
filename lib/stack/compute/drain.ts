import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { FunctionName } from '../../wire/environment.ts';
import type { WorkQueue } from './work-queue.ts';
import type { WorkerFunction } from './worker-function.ts';

/** Messages in one call of a function. */
const batchSize = 10;

export interface DrainProps {
  readonly queue: WorkQueue;
  readonly worker: WorkerFunction<FunctionName>;
  /** Invocations at once; the queue keeps the rest. */
  readonly atOnce: number;
}

/**
 * A queue drained by one function, which answers for each message alone.
 * It has no filter: Lambda deletes what a filter does not match.
 */
export class Drain extends Construct {
  constructor(scope: Construct, id: string, props: DrainProps) {
    super(scope, id);
    const { queue, worker, atOnce } = props;
    queue.grantDrain(worker);
    new EventSourceMapping(this, 'Mapping', {
      target: worker.function,
      eventSourceArn: queue.queue.queueArn,
      batchSize,
      maxConcurrency: atOnce,
      reportBatchItemFailures: true,
    });
  }
}
