import * as z from 'zod';
import type { EntryRef } from '../domain/ledger/order.ts';
import { canonical } from '../wire/digest.ts';

const named = z.looseObject({ id: z.string(), subject: z.string() });

/**
 * Where a body says that it belongs. The leaf covers the body alone: this is what binds it to its key.
 * Undefined where it is not canonical JSON with an id and a subject.
 */
export function placeOf(body: string): EntryRef | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const { id, subject } = named.parse(value);
    return canonical(value) === body ? { pk: `entry#${subject}`, sk: id } : undefined;
  } catch {
    return undefined;
  }
}
