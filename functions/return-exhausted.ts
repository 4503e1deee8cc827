import { sqs } from '../lib/aws/clients.ts';
import { exhaustedQueue } from '../lib/aws/queues/exhausted-queue.ts';
import { onSchedule } from '../lib/aws/lambda/handlers.ts';
import { log, logged } from '../lib/aws/lambda/log.ts';
import { readEnvironment } from '../lib/aws/lambda/runtime.ts';
import { returnExhausted } from '../lib/flows/sweeps/return-exhausted.ts';
import { environmentOf } from '../lib/wire/environment.ts';

const env = readEnvironment(environmentOf['return-exhausted']);
const deps = {
  ...exhaustedQueue(sqs(), env.RESCIND_EXHAUSTED_QUEUE_URL, {
    signals: env.RESCIND_SIGNALS_QUEUE_URL,
    plans: env.RESCIND_PLANS_QUEUE_URL,
    obligations: env.RESCIND_OBLIGATIONS_QUEUE_URL,
  }),
  log,
};

export const handler = logged(onSchedule(returnExhausted, deps));
