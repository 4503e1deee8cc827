import { createHash } from 'node:crypto';
import type { Clock } from '../../../clock.ts';
import { tokenInUseRefusal, tokenMismatchRefusal } from '../store/refusals.ts';

/** "A client request token is valid for 10 minutes after the first request that uses it is completed." */
const tokenValidMs = 10 * 60 * 1000;

interface Use {
  readonly digest: string;
  /** Absent while the transaction runs. */
  readonly committedAt?: number;
}

/** Remembers which ClientRequestToken committed what, so that a repeated transaction is applied once. */
export class RequestTokens {
  readonly #clock: Clock;
  /** In the order of completion, so that the expired ones are in front. */
  readonly #uses = new Map<string, Use>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Runs `apply` the first time, `replay` when the same request committed under the token. A token whose
   * transaction failed is forgotten. Throws IdempotentParameterMismatchException for another request under the
   * token, TransactionInProgressException while the first one runs.
   */
  async once<T>(
    token: string | undefined,
    request: object,
    { apply, replay }: { apply: () => Promise<T>; replay: () => Promise<T> },
  ): Promise<T> {
    if (token === undefined) return apply();
    this.#forgetExpired();
    const digest = digestOf(request);
    const use = this.#uses.get(token);
    if (use && use.digest !== digest) throw tokenMismatchRefusal();
    if (use && use.committedAt === undefined) throw tokenInUseRefusal();
    if (use) return replay();
    this.#uses.set(token, { digest });
    try {
      const answer = await apply();
      this.#uses.delete(token);
      this.#uses.set(token, { digest, committedAt: this.#clock.now() });
      return answer;
    } catch (error) {
      this.#uses.delete(token);
      throw error;
    }
  }

  #forgetExpired(): void {
    const limit = this.#clock.now() - tokenValidMs;
    for (const [token, { committedAt }] of this.#uses) {
      if (committedAt === undefined) continue;
      if (committedAt > limit) return;
      this.#uses.delete(token);
    }
  }
}

function digestOf(request: object): string {
  const text = JSON.stringify(request, (_name, value: unknown) => (isPlain(value) ? sorted(value) : value));
  return createHash('sha256').update(text).digest('hex');
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
