import type { TemplateResource } from '../stack/unbundled.ts';

/** What a template asks of the account's Lambda. */
export interface Concurrency {
  /** By functions that reserve it: nobody else may use that. */
  readonly reserved: number;
  /** By drains, as `limits` lets them. */
  readonly drained: number;
  /** By the functions that no queue drives. */
  readonly others: number;
  /** `AccountLimit.ConcurrentExecutions` has to be this or more, if the account runs nothing else. */
  readonly needed: number;
}

/**
 * "as long as you leave at least 100 simultaneous executions unreserved":
 * https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html
 */
export const unreservedMin = 100;

/** Several people give orders, and several clients rotate, at once; a schedule calls a function once at a time. */
export const severalAtOnce = { count: 5, names: ['operate', 'rotate-secret'] } as const;

/** How many invocations the account has to allow at once, counted from the template. */
export function concurrencyOf(resources: Readonly<Record<string, TemplateResource>>): Concurrency {
  const ofType = (type: string) => Object.values(resources).filter(({ Type }) => Type === type);
  const functions = ofType('AWS::Lambda::Function').map(({ Properties }) => ({
    reserved: Number(Properties['ReservedConcurrentExecutions'] ?? 0),
    isSeveral: severalAtOnce.names.some((name) => String(Properties['Description']).endsWith(`: ${name}`)),
  }));
  const drains = ofType('AWS::Lambda::EventSourceMapping').map(
    ({ Properties }) => Properties['ScalingConfig'] as { readonly MaximumConcurrency: number },
  );
  const reserved = sum(functions.map((one) => one.reserved));
  const drained = sum(drains.map(({ MaximumConcurrency }) => MaximumConcurrency));
  const several = functions.filter(({ isSeveral }) => isSeveral).length;
  const others = several * severalAtOnce.count + functions.length - drains.length - several;
  return { reserved, drained, others, needed: reserved + Math.max(unreservedMin, drained + others) };
}

const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);
