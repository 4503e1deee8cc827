/** One statement of a function's resource policy (Lambda API Reference, "AddPermission"). */
export interface Permission {
  readonly functionArn: string;
  /** The service that may invoke it: `secretsmanager.amazonaws.com`. */
  readonly principal: string;
  /** @default for resources of any account */
  readonly sourceAccount?: string;
  /** @default for any resource */
  readonly sourceArn?: string;
}

/** Which services may invoke which functions, and on behalf of what. Nobody may, unless a statement says so. */
export interface Permissions {
  add(permission: Permission): void;
  allow(asked: Required<Permission>): boolean;
}

/** Begins without a statement. */
export function createPermissions(): Permissions {
  const statements: Permission[] = [];
  return {
    add: (permission) => void statements.push(permission),
    allow: (asked) =>
      statements.some(
        ({ functionArn, principal, sourceAccount = asked.sourceAccount, sourceArn = asked.sourceArn }) =>
          functionArn === asked.functionArn &&
          principal === asked.principal &&
          sourceAccount === asked.sourceAccount &&
          sourceArn === asked.sourceArn,
      ),
  };
}
