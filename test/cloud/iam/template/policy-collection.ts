import type { Resource, Stack } from '../../cloudformation/read-stack.ts';
import { type PolicyKind, readPolicy, type Statement } from '../language/policy.ts';
import { PolicyError } from '../language/policy-error.ts';

/** Every policy of a template, by whom or what it is for. */
export interface TemplatePolicies {
  /** Of a role, by its ARN: its own and those that are attached to it. */
  ofRole(roleArn: string): readonly Statement[];
  /** Of a managed policy, by its ARN: for whoever it is given to outside the template. */
  ofManagedPolicy(policyArn: string): readonly Statement[];
  /** Of a resource, by its ARN; of a role, who may assume it. */
  ofResource(arn: string): readonly Statement[];
  /** All of them, each once. */
  readonly statements: readonly Statement[];
}

type Holder = 'role' | 'managed-policy' | 'resource';

/** Gathers policies while a template is read, with the ARNs that things have here in place of those of the template. */
export class PolicyCollection implements TemplatePolicies {
  readonly #stack: Stack;
  readonly #arnsHere: ReadonlyMap<string, string>;
  readonly #held = new Map<string, Statement[]>();
  readonly #all = new Map<string, Statement>();
  readonly #attached: { readonly owner: string; readonly policyArn: string; readonly roleArn: string }[] = [];

  constructor(stack: Stack, arnsHere: ReadonlyMap<string, string>) {
    this.#stack = stack;
    this.#arnsHere = arnsHere;
  }

  /** Gives a policy to its holders. */
  hold(
    holders: readonly (readonly [kind: Holder, arn: string])[],
    policy: { readonly document: unknown; readonly kind: PolicyKind; readonly owner: string },
  ): void {
    const statements = readPolicy(this.#here(policy.document), policy.kind, policy.owner);
    for (const statement of statements) {
      if (this.#all.has(statement.id))
        throw new PolicyError(policy.owner, `two statements are called ${statement.id}`, 'Rename a policy');
      this.#all.set(statement.id, statement);
    }
    for (const [kind, arn] of holders) this.#listOf(kind, arn).push(...statements);
  }

  /** Gives a managed policy of the template to a role, once all are read. */
  attach(owner: string, policyArn: string, roleArn: string): void {
    this.#attached.push({ owner, policyArn, roleArn });
  }

  /** Throws for a policy that is attached and not in the template: nobody here knows what it says. */
  settle(): void {
    for (const { owner, policyArn, roleArn } of this.#attached.splice(0)) {
      const statements = this.#held.get(keyOf('managed-policy', policyArn));
      if (!statements)
        throw new PolicyError(
          owner,
          `the managed policy ${policyArn} is not in the template, and what it says is not known here`,
          'Write its statements into the template',
        );
      this.#listOf('role', roleArn).push(...statements);
    }
  }

  /** The resource of a type that a policy is about. Throws where the template has none. */
  find(owner: string, type: string, name: string, isIt: (resource: Resource) => boolean): Resource {
    const found = this.#stack.of(type).find(isIt);
    if (found) return found;
    throw new PolicyError(owner, `${type} ${name} is not in the template`, 'Name one that is');
  }

  ofRole(roleArn: string): readonly Statement[] {
    return this.#held.get(keyOf('role', roleArn)) ?? [];
  }

  ofManagedPolicy(policyArn: string): readonly Statement[] {
    return this.#held.get(keyOf('managed-policy', policyArn)) ?? [];
  }

  ofResource(arn: string): readonly Statement[] {
    return this.#held.get(keyOf('resource', arn)) ?? [];
  }

  get statements(): readonly Statement[] {
    return [...this.#all.values()];
  }

  #listOf(kind: Holder, arn: string): Statement[] {
    const key = keyOf(kind, this.#textHere(arn));
    const list = this.#held.get(key) ?? [];
    this.#held.set(key, list);
    return list;
  }

  #here(value: unknown): unknown {
    if (typeof value === 'string') return this.#textHere(value);
    if (Array.isArray(value)) return value.map((one: unknown) => this.#here(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]: [string, unknown]) => [key, this.#here(member)]),
    );
  }

  // a pattern may begin with the ARN: `<arn>*`
  #textHere(text: string): string {
    return [...this.#arnsHere].reduce((found, [there, here]) => found.replaceAll(there, here), text);
  }
}

const keyOf = (kind: Holder, arn: string): string => `${kind} ${arn}`;
