import type { Clock, Timer } from '../../clock.ts';
import type { EventEnvelope } from './envelope.ts';
import { type Decision, decideRetry } from './retry.ts';
import type { TargetSettings } from './rule-settings.ts';
import { writePayload } from './target-input.ts';

/** Who delivers: the world checks permissions by it and hands group and attributes to a queue. */
export interface DeliverySource {
  readonly service: 'events';
  /** The rule. */
  readonly arn: string;
  readonly groupId?: string;
  /** On a dead letter: why it is one, to become string attributes of the message. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Hands a payload to a target; rejects when the target refuses. An `AwsError` tells by its code whether for good. */
export type Deliver = (targetArn: string, payload: string, from: DeliverySource) => Promise<void>;

/** An event that a target will never get and that no dead-letter queue holds. */
export interface LostEvent {
  readonly event: EventEnvelope;
  readonly because: 'no-such-bus' | 'undeliverable' | 'dead-letter-queue-refused';
  readonly ruleArn?: string;
  readonly targetArn?: string;
  readonly error?: unknown;
}

interface Job {
  readonly event: EventEnvelope;
  readonly ruleArn: string;
  readonly target: TargetSettings;
  readonly acceptedAt: number;
  retries: number;
}

/** Brings events to targets in the background: at least once, in no promised order, retried by the clock of the world. */
export class Deliveries {
  readonly #clock: Clock;
  readonly #deliver: Deliver;
  readonly #onLost: (lost: LostEvent) => void;
  readonly #timers = new Set<Timer>();
  readonly #waitingForIdle: (() => void)[] = [];
  #underWay = 0;
  #isClosed = false;

  constructor(options: { clock: Clock; deliver: Deliver; onLost: (lost: LostEvent) => void }) {
    this.#clock = options.clock;
    this.#deliver = options.deliver;
    this.#onLost = options.onLost;
  }

  /** Returns at once; the first try follows as soon as the clock fires. */
  start(event: EventEnvelope, ruleArn: string, target: TargetSettings): void {
    const now = this.#clock.now();
    this.#underWay += 1;
    this.#schedule(now, () => this.#try({ event, ruleArn, target, acceptedAt: now, retries: 0 }));
  }

  /** Resolves when no try is under way; one that waits for its backoff is not. */
  async idle(): Promise<void> {
    if (this.#underWay > 0) await new Promise<void>((resolve) => this.#waitingForIdle.push(resolve));
  }

  /** Drops what was not delivered yet. */
  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#underWay = 0;
    this.#settleIdle();
  }

  // The clock waits for what it runs, so that an advance over hours meets every retry at its own instant.
  #schedule(at: number, run: () => Promise<void>): void {
    if (this.#isClosed) return;
    const timer = this.#clock.at(at, async () => {
      this.#timers.delete(timer);
      await run().finally(() => this.#finishTry());
    });
    this.#timers.add(timer);
  }

  async #try(job: Job): Promise<void> {
    const { event, ruleArn, target, acceptedAt, retries } = job;
    const { sqsMessageGroupId: groupId } = target;
    const from = { service: 'events', arn: ruleArn, ...(groupId !== undefined && { groupId }) } as const;
    try {
      await this.#deliver(target.arn, writePayload(event, target), from);
    } catch (error) {
      const decision = decideRetry({ error, retries, acceptedAt, now: this.#clock.now() }, target.retry);
      if (decision.kind === 'give-up') return this.#giveUp(job, decision, error);
      this.#schedule(decision.at, async () => {
        this.#underWay += 1;
        await this.#try({ ...job, retries: retries + 1 });
      });
    }
  }

  async #giveUp(job: Job, decision: Decision & { kind: 'give-up' }, error: unknown): Promise<void> {
    const { event, ruleArn, target } = job;
    const lost = { event, ruleArn, targetArn: target.arn, error };
    if (target.deadLetterArn === undefined) return this.#onLost({ ...lost, because: 'undeliverable' });
    const attributes = {
      RULE_ARN: ruleArn,
      TARGET_ARN: target.arn,
      ERROR_CODE: decision.errorCode,
      ERROR_MESSAGE: error instanceof Error ? error.message : String(error),
      ...(decision.exhausted && { EXHAUSTED_RETRY_CONDITION: decision.exhausted }),
      RETRY_ATTEMPTS: String(job.retries),
    };
    try {
      await this.#deliver(target.deadLetterArn, JSON.stringify(event), {
        service: 'events',
        arn: ruleArn,
        attributes,
      });
    } catch {
      this.#onLost({ ...lost, because: 'dead-letter-queue-refused' });
    }
  }

  #finishTry(): void {
    if (this.#isClosed) return;
    this.#underWay -= 1;
    this.#settleIdle();
  }

  #settleIdle(): void {
    if (this.#underWay > 0) return;
    for (const resolve of this.#waitingForIdle.splice(0)) resolve();
  }
}
