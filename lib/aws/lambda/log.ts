import { AsyncLocalStorage } from 'node:async_hooks';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';

const logger = new Logger({ serviceName: 'rescind' });

export type Facts = Readonly<Record<string, unknown>>;

/** The facts of the current record. A batch handles several records at once, each with its own facts. */
const atHand = new AsyncLocalStorage<{ facts: Facts }>();

const all = (facts: Facts): Facts => ({ ...atHand.getStore()?.facts, ...facts });

/** Writes JSON lines for CloudWatch. Flows log codes, ids and counts; a `Secret` prints as `[secret]`. */
export const log = {
  info: (message: string, facts: Facts = {}) => logger.info(message, all(facts)),
  warn: (message: string, facts: Facts = {}) => logger.warn(message, all(facts)),
  error: (message: string, facts: Facts = {}) => logger.error(message, all(facts)),
};

/** Runs work so that every line that it logs has these facts, from whichever module. */
export const logAbout = <Answer>(facts: Facts, work: () => Promise<Answer>): Promise<Answer> =>
  atHand.run({ facts }, work);

/** Adds facts to the later lines of the current record. Does nothing in a sweep, which has no current record. */
export function noteForLog(facts: Facts): void {
  const work = atHand.getStore();
  if (work) work.facts = { ...work.facts, ...facts };
}

/** Returns a handler whose log lines have the function's name, the request and the trace. */
export const logged =
  <Event, Answer>(handle: (event: Event, context: Context) => Promise<Answer>) =>
  (event: Event, context: Context): Promise<Answer> => {
    logger.addContext(context);
    return handle(event, context);
  };
