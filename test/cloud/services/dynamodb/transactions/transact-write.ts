import { AwsError, type Call } from '../../../service.ts';
import { checkCondition, itemBytes, readItem } from '../store/dynalite.ts';
import type { Engine } from '../store/engine.ts';
import type { Item } from '../store/item.ts';
import { failedWriteUnits, readUnits, transactionFactor, writeUnits } from '../capacity/measure-capacity.ts';
import type { Meter } from '../capacity/meter.ts';
import {
  type CancellationReason,
  conflictReason,
  isEmptyKeyRefusal,
  noReason,
  reasonFor,
  validationRefusal,
} from '../store/refusals.ts';
import { type StagedWrite, stageWrite, type WriteAction } from '../store/stage-write.ts';
import { type Action, type ActionKind, parseWriteTransaction } from './transaction-request.ts';
import { locateTargets, refuseUnless } from './transaction-targets.ts';
import { meterWrite, type Target, withOldItem } from '../store/write-item.ts';

/** "The aggregate size of the items in the transaction cannot exceed 4 MB." */
const transactionBytesMax = 4 * 1024 * 1024;

const actionOf = { Put: 'putItem', Update: 'updateItem', Delete: 'deleteItem' } as const satisfies Partial<
  Record<ActionKind, WriteAction>
>;

interface Step {
  readonly action: Action;
  readonly target: Target;
}

/** What one action came to: a write, nothing (a check that held), or a reason to cancel. */
interface Outcome {
  readonly reason: CancellationReason;
  readonly before: Item | undefined;
  readonly staged?: StagedWrite;
}

/** TransactWriteItems: every action is staged under the locks of all items, then one batch commits them all. */
export async function transactWrite(
  engine: Engine,
  { input, call, meter }: { input: object; call: Call; meter: Meter },
): Promise<object> {
  const { actions, token, detail } = parseWriteTransaction(input, engine.store);
  refuseTooLarge(actions);
  const targets = await locateTargets(
    engine.store,
    actions.map((action) => action.request),
  );
  const steps = actions.flatMap((action, position) => {
    const target = targets[position];
    return target ? [{ action, target }] : [];
  });
  // the digest is of the input: an update writes into its checked request
  const { TransactItems } = input as { TransactItems: object };
  await engine.tokens.once(token, TransactItems, {
    apply: () => applySteps(engine, steps, { call, meter }),
    replay: () => replaySteps(engine, steps, meter),
  });
  return meter.transaction(detail);
}

async function applySteps(
  engine: Engine,
  steps: readonly Step[],
  { call, meter }: { call: Call; meter: Meter },
): Promise<void> {
  const locks = steps.map((step) => step.target.lock);
  refuseUnless(locks.map((lock) => (engine.locks.isInTransaction(lock) ? conflictReason : noReason)));
  await engine.locks.hold('transaction', locks, async () => {
    const outcomes = await Promise.all(steps.map((step) => stageStep(engine, step)));
    meterOutcomes(meter, steps, outcomes);
    refuseUnless(outcomes.map((outcome) => outcome.reason));
    await engine.log.commit(
      outcomes.flatMap((outcome) => outcome.staged ?? []),
      call,
    );
  });
}

async function stageStep({ store }: Engine, { action, target }: Step): Promise<Outcome> {
  const { kind, request } = action;
  const { table } = target;
  const before = await readItem(store, table.TableName, target.key);
  try {
    if (kind !== 'ConditionCheck') {
      const staged = await stageWrite(store, { action: actionOf[kind], request, table, before });
      return { reason: noReason, before, staged };
    }
    checkCondition(request, before);
    return { reason: noReason, before };
  } catch (error) {
    if (!(error instanceof AwsError) || isEmptyKeyRefusal(error)) throw error;
    return { reason: reasonFor(withOldItem(error, request, before)), before };
  }
}

// A check costs as a write does, and so does an action of a transaction that is cancelled (AWS does not say
// what the commit that never happens costs: counted once, the prepared write).
function meterOutcomes(meter: Meter, steps: readonly Step[], outcomes: readonly Outcome[]): void {
  const cancelled = outcomes.some((outcome) => outcome.reason.Code !== 'None');
  for (const [position, { action, target }] of steps.entries()) {
    const outcome = outcomes[position];
    const place = { table: target.table.TableName };
    if (cancelled) meter.write(place, failedWriteUnits(outcome?.before, action.request.Item));
    else if (outcome?.staged) meterWrite(meter, outcome.staged, transactionFactor);
    else meter.write(place, transactionFactor * writeUnits(outcome?.before));
  }
}

/** "Subsequent calls with the same client token return the number of read capacity units consumed." */
async function replaySteps(engine: Engine, steps: readonly Step[], meter: Meter): Promise<void> {
  for (const { target } of steps) {
    const table = target.table.TableName;
    const item = await readItem(engine.store, table, target.key);
    meter.read({ table }, transactionFactor * readUnits(item));
  }
}

// counted as sent: whole items of puts, keys of the rest
function refuseTooLarge(actions: readonly Action[]): void {
  let bytes = 0;
  for (const { request } of actions) bytes += itemBytes(request.Item ?? request.Key ?? {});
  if (bytes > transactionBytesMax)
    throw validationRefusal('The aggregate size of the items in the transaction exceeds 4 MB');
}
