import type { Clock } from '../../clock.ts';
import type { LocalService, Operation } from '../../service.ts';
import { type KeyKind, newKey } from './key.ts';
import { KeyStore } from './key-store.ts';
import { describeKey, getPublicKey } from './read-key.ts';
import { parseRequest, type Request, type RequestName } from './requests.ts';
import { sign } from './sign.ts';

/** The local stand-in for AWS KMS. */
export interface Kms extends LocalService {
  /** Makes a key as CloudFormation would, with new material, and gives its ARN. `id` is what a template calls it. */
  createKey(settings: KeyKind & { readonly id?: string }): string;
  /** `name` begins with `alias/`; the key is named in any way that `KeyId` allows. */
  createAlias(name: string, keyId: string): void;
  /** A disabled key refuses its use with `DisabledException`, and can still be described. */
  setEnabled(keyId: string, enabled: boolean): void;
}

/**
 * Makes a KMS without keys. It signs with P-256; other pairs, encryption, grants, key policies and rotation are not here,
 * and private keys are nowhere but in it: a world that starts anew has other ones.
 */
export function createKms(world: {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  /** Ids of keys that come without one: UUIDs. */
  readonly newId: () => string;
}): Kms {
  const store = new KeyStore(world);
  const on =
    <Name extends RequestName>(name: Name, perform: (request: Request<Name>) => object): Operation =>
    async (input) =>
      perform(parseRequest(name, input));

  return {
    name: 'kms',
    target: 'TrentService',
    contentType: 'application/x-amz-json-1.1',
    operations: {
      DescribeKey: on('DescribeKey', (request) => describeKey(store, world.account, request)),
      GetPublicKey: on('GetPublicKey', (request) => getPublicKey(store, request)),
      Sign: on('Sign', (request) => sign(store, request)),
    },
    createKey({ id = world.newId(), ...kind }) {
      const key = newKey({ id, arn: store.arnOf(`key/${id}`), createdAt: world.clock.now() }, kind);
      store.add(key);
      return key.arn;
    },
    createAlias: (name, keyId) => store.addAlias(name, store.find(keyId)),
    setEnabled(keyId, enabled) {
      store.find(keyId).enabled = enabled;
    },
  };
}
