import { createHash } from 'node:crypto';
import type { Gateway } from './gateway.ts';
import { credentialsOf, type LocalCredentials } from './overrides.ts';
import type { Credentials, UrlCaller } from './services/function-url/function-url.ts';

/** Everybody who has keys of the local cloud: the functions of the stack, and whom the world admits. */
export class Callers {
  readonly #gateway: Gateway;
  readonly #account: string;
  readonly #byKey = new Map<string, Credentials>();

  constructor(gateway: Gateway, account: string) {
    this.#gateway = gateway;
    this.#account = account;
  }

  /** A person, or a program outside AWS: an IAM user of this name. */
  admitUser(name: string): LocalCredentials {
    return this.#admit(name, {
      userArn: `arn:aws:iam::${this.#account}:user/${name}`,
      userId: `AIDA${idOf(name)}`,
    });
  }

  /** A session of the function's role, by the function's name: what the role is called, nobody here asks. */
  admitFunction(name: string): LocalCredentials {
    return this.#admit(name, {
      userArn: `arn:aws:sts::${this.#account}:assumed-role/${name}/${name}`,
      userId: `AROA${idOf(name)}:${name}`,
    });
  }

  find(accessKeyId: string): Credentials | undefined {
    return this.#byKey.get(accessKeyId);
  }

  #admit(name: string, identity: Pick<Credentials, 'userArn' | 'userId'>): LocalCredentials {
    const credentials = credentialsOf(name);
    const { accessKeyId, secretAccessKey } = credentials;
    const before = this.#byKey.get(accessKeyId);
    // keys go by the name: one more of it would have the keys of the other
    if (before && before.userArn !== identity.userArn)
      throw new Error(
        `${name} cannot be ${identity.userArn}: ${before.userArn} has its keys. Give it another name.`,
      );
    this.#gateway.admit({ accessKeyId, name });
    this.#byKey.set(accessKeyId, { ...identity, accountId: this.#account, secretAccessKey });
    return credentials;
  }
}

/**
 * Whether a caller may call function URLs: every user may, no function. On AWS a user needs `lambda:InvokeFunctionUrl` and
 * `lambda:InvokeFunction`, which the role of no function has: it is answered 403. Until the local cloud enforces IAM, this
 * stands in for the policies.
 */
export function mayCallUrls({ userArn }: UrlCaller): boolean {
  return userArn.startsWith('arn:aws:iam::');
}

/** IAM's ids look like it, and are the same in every run here. */
function idOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 17).toUpperCase();
}
