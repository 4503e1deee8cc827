import { SQSClient } from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import { Clock } from '../../clock.ts';
import { Gateway } from '../../gateway.ts';
import { createSqs, type QueueSettings, type Sqs } from './sqs.ts';

export interface SqsCloud {
  readonly clock: Clock;
  readonly sqs: Sqs;
  readonly client: SQSClient;
}

/** SQS behind a gateway, with a real client; gone when the test is over. */
export async function startSqs(): Promise<SqsCloud> {
  const clock = new Clock();
  const gateway = new Gateway(clock);
  const sqs = createSqs({
    clock,
    account: '111122223333',
    region: 'eu-west-2',
    endpoint: () => gateway.endpoint,
  });
  gateway.add(sqs);
  gateway.admit({ accessKeyId: 'AKIATEST', name: 'test' });
  const endpoint = await gateway.listen();
  const client = new SQSClient({
    endpoint,
    region: 'eu-west-2',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    client.destroy();
    sqs.close();
    await gateway.close();
    clock.stop();
  });
  return { clock, sqs, client };
}

/** The same with one queue. */
export async function startQueue(settings: Partial<QueueSettings> = {}) {
  const cloud = await startSqs();
  const { arn, url } = cloud.sqs.createQueue({ name: 'orders', ...settings });
  return { ...cloud, arn, url };
}

/** Receives what is visible, in process. */
export async function receiveBodies(sqs: Sqs, arn: string, max = 10): Promise<readonly string[]> {
  return (await sqs.receive(arn, { max })).map(({ body }) => body);
}

/** The name of the error that a call ends with, as a program that uses the SDK sees it. */
export async function nameOfError(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );
}
