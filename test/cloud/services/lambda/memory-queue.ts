import type { MessageSource, QueueMessage } from './event-source-mapping.ts';

/** A queue in memory that remembers what it was asked. Received messages stay hidden until `show`. */
export class MemoryQueue implements MessageSource {
  readonly deleted: string[] = [];
  readonly asked: number[] = [];
  readonly #hidden = new Map<string, QueueMessage>();
  readonly #waiting: QueueMessage[] = [];
  #wake = (): void => {};

  send(...bodies: readonly string[]): void {
    for (const body of bodies)
      this.#waiting.push({
        messageId: `id-of-${body}`,
        receiptHandle: `handle-of-${body}`,
        body,
        md5OfBody: `md5-of-${body}`,
        attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1700000000000' },
        messageAttributes: { kind: { DataType: 'String', StringValue: 'signal' } },
      });
    this.#wake();
  }

  /** What is left: handles of messages that were received and not deleted. */
  get hidden(): readonly string[] {
    return [...this.#hidden.keys()];
  }

  /** Lets the visibility timeout of every hidden message end. */
  show(): void {
    this.#waiting.push(...this.#hidden.values());
    this.#hidden.clear();
    this.#wake();
  }

  async receive(
    _queueArn: string,
    { max, signal }: { readonly max: number; readonly signal: AbortSignal },
  ): Promise<readonly QueueMessage[]> {
    this.asked.push(max);
    while (this.#waiting.length === 0 && !signal.aborted)
      await new Promise<void>((done) => {
        const wakeOthers = this.#wake;
        this.#wake = () => {
          done();
          wakeOthers();
        };
        signal.addEventListener('abort', () => done(), { once: true });
      });
    if (signal.aborted) return [];
    const messages = this.#waiting.splice(0, max);
    for (const message of messages) this.#hidden.set(message.receiptHandle, message);
    return messages;
  }

  delete(_queueArn: string, receiptHandle: string): void {
    this.#hidden.delete(receiptHandle);
    this.deleted.push(receiptHandle);
  }
}
