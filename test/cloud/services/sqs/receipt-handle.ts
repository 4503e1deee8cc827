import * as z from 'zod';
import { receiptHandleIsInvalid } from './refusals.ts';

const partsSchema = z.tuple([z.string(), z.int().positive(), z.int().positive()]);

/** Names one delivery: `place` is the place of the message in its queue, `receipt` the number of the delivery. */
export interface Delivered {
  readonly place: number;
  readonly receipt: number;
}

/** Opaque to consumers, as in SQS; it carries its queue, so that another queue refuses it. */
export function writeReceiptHandle(queueArn: string, delivered: Delivered): string {
  return Buffer.from(JSON.stringify([queueArn, delivered.place, delivered.receipt])).toString('base64url');
}

/** Throws `ReceiptHandleIsInvalid` for anything that `writeReceiptHandle` did not write for this queue. */
export function readReceiptHandle(queueArn: string, handle: string): Delivered {
  const parts = partsSchema.safeParse(parseJson(Buffer.from(handle, 'base64url').toString()));
  if (!parts.success || parts.data[0] !== queueArn) throw receiptHandleIsInvalid(handle);
  const [, place, receipt] = parts.data;
  return { place, receipt };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
