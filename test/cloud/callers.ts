import { createHash } from 'node:crypto';
import type { Gateway } from './gateway.ts';
import type { Holder } from './iam/enforcement.ts';
import { nameOf, roleSession } from './iam/language/principal.ts';
import { credentialsOf, type LocalCredentials } from './overrides.ts';
import type { Credentials } from './services/function-url/function-url.ts';

/** Everybody who has keys of the local cloud: the functions of the stack, and whom the world admits. */
export class Callers {
  readonly #gateway: Gateway;
  readonly #account: string;
  readonly #operators: ReadonlySet<string>;
  readonly #byKey = new Map<string, Credentials & Holder>();

  constructor(gateway: Gateway, account: string, operators: readonly string[]) {
    this.#gateway = gateway;
    this.#account = account;
    this.#operators = new Set(operators);
  }

  /** A person, or a program outside AWS: an IAM user of this name, who administers the account unless it is an operator's. */
  admitUser(name: string): LocalCredentials {
    return this.#admit(name, {
      principal: { kind: 'user', arn: `arn:aws:iam::${this.#account}:user/${name}` },
      administers: !this.#operators.has(name),
      userId: `AIDA${idOf(name)}`,
    });
  }

  /**
   * A program that acts by a role which is not of the stack, here or in another account, and whose own policies allow it everything:
   * what it may do here, the policies of the stack's resources say.
   */
  admitRole(role: string, account = this.#account): LocalCredentials {
    const name = account === this.#account ? role : `${account}-${role}`;
    return this.#admit(
      name,
      {
        principal: roleSession(`arn:aws:iam::${account}:role/${role}`, 'session'),
        administers: true,
        userId: `AROA${idOf(name)}:session`,
      },
      account,
    );
  }

  /** A session of a function's role, which AWS calls by the name of the function there; `name` is that under `functions/`. */
  admitFunction(
    name: string,
    { roleArn, physicalName }: { readonly roleArn: string; readonly physicalName: string },
  ): LocalCredentials {
    return this.#admit(name, {
      principal: roleSession(roleArn, physicalName),
      administers: false,
      userId: `AROA${idOf(name)}:${physicalName}`,
    });
  }

  find(accessKeyId: string): (Credentials & Holder) | undefined {
    return this.#byKey.get(accessKeyId);
  }

  #admit(
    name: string,
    identity: Holder & Pick<Credentials, 'userId'>,
    accountId = this.#account,
  ): LocalCredentials {
    const userArn = nameOf(identity.principal);
    const credentials = credentialsOf(name);
    const { accessKeyId, secretAccessKey } = credentials;
    const before = this.#byKey.get(accessKeyId);
    // keys go by the name: one more of it would have the keys of the other
    if (before && before.userArn !== userArn)
      throw new Error(`${name} cannot be ${userArn}: ${before.userArn} has its keys. Give it another name.`);
    this.#gateway.admit({ accessKeyId, name, account: accountId });
    this.#byKey.set(accessKeyId, { ...identity, userArn, accountId, secretAccessKey });
    return credentials;
  }
}

/** IAM's ids look like it, and are the same in every run here. */
function idOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 17).toUpperCase();
}
