import * as z from 'zod';
import type { Stack } from '../cloudformation/read-stack.ts';
import { drainByMapping } from '../iam/needs/acting-services.ts';
import type { Enforcement } from '../iam/enforcement.ts';
import type { Services } from '../services.ts';
import { createMapping, type Mapping, type MessageSource } from '../services/lambda/event-source-mapping.ts';
import { concurrency } from './functions.ts';
import { number } from './properties.ts';

const mappingProperties = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: number,
  FunctionResponseTypes: z.array(z.string()).default([]),
});

/** As on AWS, there is no mapping by a role that may not drain the queue: that stops the start. */
export function makeMappings(
  stack: Stack,
  { lambda, sqs }: Services,
  { demand }: Pick<Enforcement, 'demand'>,
): readonly Mapping[] {
  return stack.of('AWS::Lambda::EventSourceMapping').map(({ properties }) => {
    const { EventSourceArn, FunctionName, BatchSize, FunctionResponseTypes } =
      mappingProperties.parse(properties);
    const named = stack
      .of('AWS::Lambda::Function')
      .find(({ name, arn }) => name === FunctionName || arn === FunctionName);
    if (!named)
      throw new Error(`an event source mapping names function ${FunctionName}, which is not in the template`);
    demand('lambda', drainByMapping(String(named.properties['Role']), EventSourceArn));
    return createMapping({
      lambda,
      source: sourceOf(sqs),
      functionArn: named.arn,
      queueArn: EventSourceArn,
      batchSize: BatchSize,
      reportBatchItemFailures: FunctionResponseTypes.includes('ReportBatchItemFailures'),
      concurrency,
    });
  });
}

const sourceOf = (sqs: Services['sqs']): MessageSource => ({
  receive: async (queueArn, request) =>
    (await sqs.receive(queueArn, request)).map(({ id, ...message }) => ({ messageId: id, ...message })),
  delete: (queueArn, receiptHandle) => sqs.delete(queueArn, receiptHandle),
});
