import type { Call } from '../../cloud/service.ts';
import type { World } from '../../cloud/world.ts';
import { type Cost, sumCosts } from './cost.ts';
import { casesNamedIn } from './named-cases.ts';

/** Tells what a case cost so far. */
export interface CostRecorder {
  /** The AWS cost of every invocation that named this case; zeros where none did. */
  costOf(caseId: string): Cost;
  stop(): void;
}

const nothing: Cost = { requests: 0, writeUnits: 0, readUnits: 0, messages: 0 };

interface Invocation {
  readonly cases: Set<string>;
  cost: Cost;
}

/**
 * Counts from now on what these callers, the functions, ask of the local cloud, invocation by invocation. An invocation
 * belongs to a case when any of its requests names it, and then with all of them; one that names several cases counts in
 * full for each, so that the costs of cases may sum to more than was spent. One that names none (a heartbeat that found
 * nothing) counts for none.
 */
export function recordCost(
  { gateway, dynamo }: Pick<World, 'gateway' | 'dynamo'>,
  functions: ReadonlySet<string>,
): CostRecorder {
  const invocations = new Map<string, Invocation>();
  const find = (caller: string, id: string | undefined): Invocation | undefined => {
    // outside an invocation, as while the code loads, nothing is done for a case
    if (id === undefined || !functions.has(caller)) return undefined;
    const found = invocations.get(id) ?? { cases: new Set(), cost: nothing };
    invocations.set(id, found);
    return found;
  };
  const add = (invocation: Invocation | undefined, more: Partial<Cost>): void => {
    if (invocation) invocation.cost = sumCosts(invocation.cost, { ...nothing, ...more });
  };
  const stops = [
    gateway.onCall(({ caller, invocation, input }) => {
      const found = find(caller.name, invocation);
      for (const id of found ? casesNamedIn(input) : []) found?.cases.add(id);
      add(found, { requests: 1 });
    }),
    gateway.use(async (call, next) => {
      const answer = await next();
      add(find(call.caller.name, call.invocation), { messages: messagesTaken(call, answer) });
      return answer;
    }),
    dynamo.onConsumed(({ caller, invocation, readUnits, writeUnits }) =>
      add(find(caller, invocation), { readUnits, writeUnits }),
    ),
  ];
  return {
    costOf: (caseId) =>
      sumCosts(
        nothing,
        ...[...invocations.values()].flatMap(({ cases, cost }) => (cases.has(caseId) ? [cost] : [])),
      ),
    stop: () => stops.forEach((stop) => stop()),
  };
}

/** SQS answers a batch with 200 even where it did not take every entry. */
function messagesTaken({ service, operation }: Call, answer: object): number {
  if (service !== 'sqs') return 0;
  if (operation === 'SendMessage') return 1;
  if (operation !== 'SendMessageBatch') return 0;
  return (answer as { readonly Successful?: readonly unknown[] }).Successful?.length ?? 0;
}
