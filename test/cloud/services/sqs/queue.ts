import type { Clock, Timer } from '../../clock.ts';
import { pickFairly } from './fair-order.ts';
import { LongPolls } from './long-polls.ts';
import {
  checkMessage,
  type Message,
  type NewMessage,
  type StoredMessage,
  toMessage,
  toStored,
} from './message.ts';
import { type MessageState, MessageStore, stateOf } from './message-store.ts';
import type { CompleteSettings } from './queue-settings.ts';
import { readReceiptHandle, writeReceiptHandle } from './receipt-handle.ts';
import { invalidParameter, messageGone, messageNotInFlight, purgeInProgress } from './refusals.ts';

/** ChangeMessageVisibility: the whole time from a receive to the end of its visibility timeout. */
const visibilitySecondsMax = 43_200;
/** PurgeQueue: one purge per queue in this time. */
const purgeIntervalMs = 60_000;

/** How messages are given out; a test may replace it at any time. */
export interface Delivery {
  /** Asked at the first receive of a message: true leaves a second copy in the queue. */
  readonly duplicate?: (message: Pick<Message, 'id' | 'body' | 'groupId'>) => boolean;
  /** A random number in [0, 1): messages are then given out in random order. */
  readonly shuffle?: () => number;
}

export interface ReceiveRequest {
  readonly max: number;
  /** How long to wait when nothing is visible. @default 0 */
  readonly waitMs?: number | undefined;
  /** @default the visibility timeout of the queue */
  readonly visibilitySeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface QueueParts {
  readonly arn: string;
  readonly settings: Omit<CompleteSettings, 'redrive'>;
  readonly redrive?: { readonly to: Queue; readonly maxReceiveCount: number } | undefined;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly delivery: () => Delivery;
}

/** One standard queue: at least once, best-effort order, fair between message groups. */
export class Queue {
  readonly arn: string;
  readonly settings: QueueParts['settings'];
  readonly createdAt: number;
  readonly #parts: QueueParts;
  readonly #clock: Clock;
  readonly #polls: LongPolls<Message>;
  readonly #store = new MessageStore();
  #receipts = 0;
  #purgedAt = -Infinity;
  #alarm: Timer | undefined;
  #isClosed = false;

  constructor(parts: QueueParts) {
    this.#parts = parts;
    this.#clock = parts.clock;
    this.#polls = new LongPolls(parts.clock);
    this.arn = parts.arn;
    this.settings = parts.settings;
    this.createdAt = this.#now();
  }

  get redrive(): QueueParts['redrive'] {
    return this.#parts.redrive;
  }

  /** Takes the message and gives its id, or throws SQS's error. */
  send(message: NewMessage): string {
    checkMessage(message);
    const id = this.#parts.newId();
    this.#store.add(toStored(message, id, this.#now(), this.settings.delaySeconds));
    this.#wake();
    return id;
  }

  /** Resolves as soon as a message is visible; with nothing when the wait is over, aborted or the queue closes. */
  async receive(request: ReceiveRequest): Promise<readonly Message[]> {
    const take = (): readonly Message[] => this.#take(request);
    if (request.signal?.aborted) return [];
    const taken = take();
    if (taken.length > 0 || !request.waitMs || this.#isClosed) return taken;
    const answer = this.#polls.wait(take, request.waitMs, request.signal);
    this.#wake();
    return answer;
  }

  /** Deletes the message of this delivery; a stale handle deletes nothing, and that is no error. */
  delete(receiptHandle: string): void {
    const { place, receipt } = readReceiptHandle(this.arn, receiptHandle);
    if (this.#store.get(place)?.receipt === receipt) this.#store.remove(place);
  }

  /** Hides the message for so many seconds from now on. */
  changeVisibility(receiptHandle: string, seconds: number): void {
    const { place, receipt } = readReceiptHandle(this.arn, receiptHandle);
    const now = this.#now();
    this.#expire(now);
    const stored = this.#store.get(place);
    if (stored?.receipt !== receipt) throw messageGone(receiptHandle);
    if (stored.visibleAt <= now) throw messageNotInFlight();
    if (now + seconds * 1000 > stored.receivedAt + visibilitySecondsMax * 1000)
      throw invalidParameter(
        'VisibilityTimeout',
        seconds,
        `Total VisibilityTimeout for the message is beyond the limit [${visibilitySecondsMax} seconds].`,
      );
    stored.visibleAt = now + seconds * 1000;
    this.#wake();
  }

  /** Deletes everything; once per minute. */
  purge(): void {
    const now = this.#now();
    if (now < this.#purgedAt + purgeIntervalMs) throw purgeInProgress(this.settings.name);
    this.#purgedAt = now;
    for (const [place] of this.#store.entries()) this.#store.remove(place);
  }

  /** What is in the queue now, oldest first. */
  stored(): readonly (Readonly<StoredMessage> & { readonly state: MessageState })[] {
    const now = this.#now();
    this.#expire(now);
    return this.#store.entries().map(([, message]) => ({ ...message, state: stateOf(message, now) }));
  }

  /** Answers waiting consumers with nothing and sets no more timers. */
  close(): void {
    this.#isClosed = true;
    this.#alarm?.cancel();
    this.#polls.close();
  }

  #take(request: ReceiveRequest): readonly Message[] {
    const now = this.#now();
    this.#expire(now);
    this.#deadLetter(now);
    const visible = this.#store
      .entries()
      .flatMap(([place, message]) =>
        message.visibleAt <= now ? [{ place, message, groupId: message.groupId }] : [],
      );
    const { shuffle } = this.#parts.delivery();
    const picked = shuffle
      ? drawAtRandom(visible, request.max, shuffle)
      : pickFairly(visible, request.max, this.#store.loads(now));
    const visibleAt = now + (request.visibilitySeconds ?? this.settings.visibilityTimeoutSeconds) * 1000;
    return picked.map(({ place, message }) => this.#deliver(place, message, now, visibleAt));
  }

  #deliver(place: number, message: StoredMessage, now: number, visibleAt: number): Message {
    const before = { ...message };
    const receipt = ++this.#receipts;
    Object.assign(message, { receipt, visibleAt, receivedAt: now });
    message.receiveCount += 1;
    message.receivesHere += 1;
    message.firstReceivedAt ||= now;
    this.#store.countServed(message.groupId);
    const delivered = toMessage(message, writeReceiptHandle(this.arn, { place, receipt }));
    if (message.receivesHere === 1 && !message.isCopy && this.#parts.delivery().duplicate?.(delivered))
      this.#store.add({ ...before, isCopy: true });
    return delivered;
  }

  // A standard queue counts retention from the first sending, also after the move to a dead-letter queue.
  #expire(now: number): void {
    const sentBefore = now - this.settings.messageRetentionSeconds * 1000;
    for (const [place, { sentAt }] of this.#store.entries())
      if (sentAt <= sentBefore) this.#store.remove(place);
  }

  #deadLetter(now: number): void {
    const { redrive } = this.#parts;
    if (!redrive) return;
    for (const [place, message] of this.#store.entries()) {
      if (message.visibleAt > now || message.receivesHere < redrive.maxReceiveCount) continue;
      this.#store.remove(place);
      redrive.to.#store.add({ ...message, sourceArn: this.arn, receivesHere: 0, visibleAt: now });
      redrive.to.#wake();
    }
  }

  /** Serves the waiting consumers, and sets the alarm for the next message that will become visible. */
  #wake(): void {
    this.#alarm?.cancel();
    this.#polls.serve();
    if (!this.#polls.isWaiting) return;
    const next = this.#store.nextVisibleAt(this.#now());
    if (next !== undefined) this.#alarm = this.#clock.at(next, () => this.#wake());
  }

  #now(): number {
    return Math.floor(this.#clock.now());
  }
}

function drawAtRandom<T>(items: readonly T[], max: number, random: () => number): readonly T[] {
  const left = [...items];
  const drawn: T[] = [];
  while (drawn.length < max && left.length > 0)
    drawn.push(...left.splice(Math.floor(random() * left.length), 1));
  return drawn;
}
