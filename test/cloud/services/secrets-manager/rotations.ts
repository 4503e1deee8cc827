import type { Timer } from '../../clock.ts';
import { dueWindow, nextWindow } from './rotation-window.ts';
import { holderOf, pendingOf, reserveVersion, type Secret } from './secret.ts';
import type { SecretStore } from './secret-store.ts';
import type { RotationStep, SecretsWorld } from './world.ts';

const steps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const satisfies RotationStep[];

/**
 * "If any rotation step fails, Secrets Manager retries the entire rotation process multiple times during the open rotation
 * windows" (User Guide, "Rotation by Lambda function"). AWS gives no numbers: these fit into the shortest window, one hour.
 */
const attemptsMax = 5;
const backoffFirstMs = 60_000;

interface Run {
  readonly token: string;
  attempts: number;
  /** By a request, or by another rotation that was begun. */
  isCancelled: boolean;
  /** Set while it waits for its next attempt. */
  retry?: Timer | undefined;
}

/** Rotates secrets in the background: one rotation at a time of each, step by step, retried by the world's clock. */
export class Rotations {
  readonly #store: SecretStore;
  readonly #world: SecretsWorld;
  readonly #runs = new Map<Secret, Run>();
  readonly #alarms = new Map<Secret, Timer>();
  readonly #underWay = new Set<Promise<void>>();

  constructor(store: SecretStore, world: SecretsWorld) {
    this.#store = store;
    this.#world = world;
  }

  /** Rotates to the version of this token, from the first step on; does nothing where that is under way. */
  start(secret: Secret, token: string): void {
    const old = this.#runs.get(secret);
    if (old?.token === token && !old.retry && !old.isCancelled) return;
    const run = this.#begin(secret, token);
    void this.#track(() => this.#attempt(secret, run));
  }

  /**
   * Runs testSecret on a version that is there for it alone, and removes that version, however the test ends (API
   * Reference, "RotateSecret", `RotateImmediately`).
   */
  test(secret: Secret, token: string): void {
    const run = this.#begin(secret, token);
    void this.#track(async () => {
      await this.#step(secret, run, 'testSecret');
      this.#forget(secret, run);
      // unless the function made more of it
      const labels = [...(secret.versions.get(token)?.labels ?? [])];
      if (labels.every((label) => label === 'AWSPENDING')) secret.versions.delete(token);
    });
  }

  /** Rotates the secret when its window opens. */
  schedule(secret: Secret): void {
    this.#arm(secret, dueWindow(secret)?.opensAt);
  }

  /** Ends the rotation under way after the step that runs, and all that was to come. */
  cancel(secret: Secret): void {
    this.#alarms.get(secret)?.cancel();
    this.#retire(secret);
  }

  /** Resolves when no step runs; a rotation that waits for its next attempt is not under way. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #begin(secret: Secret, token: string): Run {
    this.#retire(secret);
    const run: Run = { token, attempts: 0, isCancelled: false };
    this.#runs.set(secret, run);
    return run;
  }

  #retire(secret: Secret): void {
    const run = this.#runs.get(secret);
    if (!run) return;
    run.isCancelled = true;
    run.retry?.cancel();
  }

  async #attempt(secret: Secret, run: Run): Promise<void> {
    run.attempts += 1;
    run.retry = undefined;
    for (const step of steps) {
      if (!this.#mayGoOn(secret, run)) return this.#forget(secret, run);
      if (!(await this.#step(secret, run, step))) return this.#failed(secret, run);
    }
    // a function that said yes and did nothing has not rotated
    if (holderOf(secret, 'AWSCURRENT')?.id !== run.token) return this.#failed(secret, run);
    this.#forget(secret, run);
    if (!secret.rotation) return;
    secret.rotation.rotatedAt = this.#world.clock.now();
    if (secret.rotation.enabled) this.schedule(secret);
  }

  async #step(secret: Secret, run: Run, step: RotationStep): Promise<boolean> {
    const { functionArn } = secret.rotation ?? {};
    if (functionArn === undefined || !this.#world.invoke) return false;
    const event = { Step: step, SecretId: secret.arn, ClientRequestToken: run.token };
    return this.#world.invoke(functionArn, event).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /** The whole rotation once more, some time later; after the last attempt in the next window. */
  #failed(secret: Secret, run: Run): void {
    if (!this.#mayGoOn(secret, run)) return this.#forget(secret, run);
    const { clock } = this.#world;
    if (run.attempts < attemptsMax) {
      const wait = backoffFirstMs * 2 ** (run.attempts - 1);
      run.retry = clock.after(wait, () => this.#track(() => this.#attempt(secret, run)));
      return;
    }
    this.#forget(secret, run);
    this.#arm(secret, nextWindow(secret.rotation?.rules, clock.now())?.opensAt);
  }

  #arm(secret: Secret, at: number | undefined): void {
    this.#alarms.get(secret)?.cancel();
    if (at === undefined) return;
    const { clock } = this.#world;
    this.#alarms.set(
      secret,
      clock.at(at, async () => {
        if (!secret.rotation?.enabled || !this.#isLive(secret)) return;
        // a value was put by hand meanwhile
        if ((dueWindow(secret)?.opensAt ?? 0) > clock.now()) return this.schedule(secret);
        this.start(secret, this.#dueToken(secret));
        await this.idle();
      }),
    );
  }

  /** That of the rotation that was left, else a new one. */
  #dueToken(secret: Secret): string {
    const pending = pendingOf(secret);
    if (pending) return pending.id;
    const id = this.#world.newId();
    reserveVersion(secret, { id, value: undefined, createdAt: this.#world.clock.now() });
    return id;
  }

  #mayGoOn(secret: Secret, run: Run): boolean {
    return !run.isCancelled && this.#isLive(secret);
  }

  #isLive(secret: Secret): boolean {
    return secret.deletedAt === undefined && this.#store.named(secret.name) === secret;
  }

  #forget(secret: Secret, run: Run): void {
    if (this.#runs.get(secret) === run) this.#runs.delete(secret);
  }

  /** Begins one turn later, so that the answer to the request is on its way. */
  #track(work: () => Promise<void>): Promise<void> {
    const tracked = new Promise<void>((turn) => setImmediate(turn))
      .then(work)
      .finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
    return tracked;
  }
}
