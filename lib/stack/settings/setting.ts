import type * as z from 'zod';

/** One thing that an operator decides before a deploy; written as CDK context under its name. */
export interface Setting<Schema extends z.ZodType> {
  /** Reads JSON from cdk.json and text from `-c name=value` alike. */
  readonly schema: Schema;
  /** What holds where nothing is written, in the form in which it would be. @default the setting is optional */
  readonly byDefault?: unknown;
  /** What somebody who wrote something else could have written. */
  readonly example: string;
}

/** Gives a setting its type. */
export function setting<Schema extends z.ZodType>(of: Setting<Schema>): Setting<Schema> {
  return of;
}

/** Lists and maps come as text from the command line. */
export function parsedText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    // the schema says what it wanted
    return value;
  }
}
