import type { Clock } from '../../clock.ts';
import { AwsError } from '../../service.ts';
import type { Secret } from './secret.ts';

/** The secrets of one account and region, found by name or ARN. */
export class SecretStore {
  readonly #clock: Clock;
  readonly #byName = new Map<string, Secret>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `SecretId` is a name, an ARN, or an ARN without its six random characters (User Guide, "Finding a secret from a partial ARN"). */
  find(secretId: string): Secret {
    const secret = this.look(secretId);
    if (!secret)
      throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    return secret;
  }

  /** Undefined where there is none. */
  look(secretId: string): Secret | undefined {
    return this.#byName.get(secretId) ?? this.#byArn(secretId);
  }

  /** Like `find`, and refuses a secret that is scheduled for deletion. */
  findLive(secretId: string): Secret {
    const secret = this.find(secretId);
    if (secret.deletedAt === undefined) return secret;
    throw new AwsError(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }

  named(name: string): Secret | undefined {
    return this.#byName.get(name);
  }

  add(secret: Secret): void {
    this.#byName.set(secret.name, secret);
  }

  /** Deletes for good at `at`, unless the secret was restored before. */
  scheduleDeletion(secret: Secret, at: number): void {
    secret.deletedAt = this.#clock.now();
    const marked = secret.deletedAt;
    this.#clock.at(at, () => {
      if (secret.deletedAt === marked && this.#byName.get(secret.name) === secret) this.remove(secret);
    });
  }

  remove(secret: Secret): void {
    this.#byName.delete(secret.name);
  }

  #byArn(arn: string): Secret | undefined {
    return [...this.#byName.values()].find(
      (secret) => secret.arn === arn || secret.arn.slice(0, -'-123456'.length) === arn,
    );
  }
}
