import { AsyncLocalStorage } from 'node:async_hooks';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';

const logger = new Logger({ serviceName: 'rescind' });

export type Facts = Readonly<Record<string, unknown>>;

/** What the work at hand is about; a batch has several works at once. */
const atHand = new AsyncLocalStorage<{ facts: Facts }>();

const all = (facts: Facts): Facts => ({ ...atHand.getStore()?.facts, ...facts });

/** JSON lines for CloudWatch. Flows give codes, ids and counts; a `Secret` prints as `[secret]`. */
export const log = {
  info: (message: string, facts: Facts = {}) => logger.info(message, all(facts)),
  warn: (message: string, facts: Facts = {}) => logger.warn(message, all(facts)),
  error: (message: string, facts: Facts = {}) => logger.error(message, all(facts)),
};

/** Every line of this work bears these facts, whoever writes it. */
export const logAbout = <Answer>(facts: Facts, work: () => Promise<Answer>): Promise<Answer> =>
  atHand.run({ facts }, work);

/** From here on the work at hand is about this, too. A sweep, which is about many things, has none at hand: nothing is noted. */
export function noteForLog(facts: Facts): void {
  const work = atHand.getStore();
  if (work) work.facts = { ...work.facts, ...facts };
}

/** A handler whose lines bear the function's name, the request and the trace. */
export const logged =
  <Event, Answer>(handle: (event: Event, context: Context) => Promise<Answer>) =>
  (event: Event, context: Context): Promise<Answer> => {
    logger.addContext(context);
    return handle(event, context);
  };
