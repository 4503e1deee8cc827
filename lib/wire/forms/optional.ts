import type * as z from 'zod';

/**
 * A member that may be left out, or be `null`: many serializers write `null` for what they do not have. Both are
 * `undefined` after parsing.
 */
export const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema
    .nullish()
    .transform((value) => value ?? undefined)
    .optional();

/** A member that may be left out, or be `null`, and then has this value. */
export const optionalWith = <Schema extends z.ZodType>(schema: Schema, value: z.output<Schema>) =>
  schema.nullish().transform((given) => given ?? value);
