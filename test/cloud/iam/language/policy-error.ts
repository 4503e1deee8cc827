import * as z from 'zod';

/** A policy says something that the local cloud does not check: it stops rather than let it pass unseen. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';

  /** `where` is the resource and the place in it, `remedy` what whoever wrote the policy does now. */
  constructor(where: string, what: string, remedy: string) {
    super(`${where}: ${what}. ${remedy}.`);
  }
}

/** Reads by a schema, or throws `PolicyError` with the members that do not fit; `file` is where the schema stands. */
export function readBy<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  { where, file }: { readonly where: string; readonly file: string },
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const members = z.prettifyError(parsed.error).replaceAll('\n', ' ');
  throw new PolicyError(
    where,
    members,
    `Write it with the members that test/cloud/iam/${file} knows, or teach it there`,
  );
}
