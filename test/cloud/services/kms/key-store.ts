import { AwsError } from '../../service.ts';
import type { Key } from './key.ts';

/** The keys and aliases of one account and region, found in the four ways that KMS allows. */
export class KeyStore {
  /** `arn:aws:kms:<region>:<account>:`. */
  readonly #prefix: string;
  readonly #keys = new Map<string, Key>();
  readonly #aliases = new Map<string, Key>();

  constructor(place: { readonly region: string; readonly account: string }) {
    this.#prefix = `arn:aws:kms:${place.region}:${place.account}:`;
  }

  arnOf(resource: string): string {
    return `${this.#prefix}${resource}`;
  }

  add(key: Key): void {
    if (this.#keys.has(key.id)) throw new Error(`Key ${key.id} exists already.`);
    this.#keys.set(key.id, key);
  }

  addAlias(name: string, key: Key): void {
    if (!/^alias\/[\w/-]+$/.test(name)) throw new Error(`${name} is no name of an alias: alias/<name> is.`);
    if (this.#aliases.has(name))
      throw new AwsError(
        'AlreadyExistsException',
        `An alias with the name ${this.arnOf(name)} already exists`,
      );
    this.#aliases.set(name, key);
  }

  /** A `KeyId` is a key's id or ARN, or an alias's name or ARN (KMS API Reference, "Sign"). */
  find(keyId: string): Key {
    const local = keyId.startsWith(this.#prefix) ? keyId.slice(this.#prefix.length) : keyId;
    if (local.startsWith('alias/')) {
      const aliased = this.#aliases.get(local);
      if (aliased) return aliased;
      throw new AwsError('NotFoundException', `Alias ${this.arnOf(local)} is not found.`);
    }
    const key = this.#keys.get(local === keyId ? keyId : (/^key\/(.+)$/.exec(local)?.[1] ?? ''));
    if (key) return key;
    const arn = keyId.startsWith('arn:') ? keyId : this.arnOf(`key/${keyId}`);
    throw new AwsError('NotFoundException', `Key '${arn}' does not exist`);
  }
}
