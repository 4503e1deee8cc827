import { validateHeaderName, validateHeaderValue } from 'node:http';
import * as z from 'zod';
import type { Invocation } from '../lambda/function.ts';

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const json = { 'content-type': 'application/json' };

/** Node counts the bytes itself. */
const framing = new Set(['connection', 'content-length', 'transfer-encoding']);

const shaped = z.object({
  // AWS allows 100 to 599; an answer that a client waits behind is of no use here
  statusCode: z.int().min(200).max(599),
  headers: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .refine(canBeSent)
    .default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

/**
 * What the client sees of a function's answer (Lambda Developer Guide, "Invoking Lambda function URLs", "Response payload
 * format"): with a `statusCode` it says all itself, without one it is the JSON body of a 200. A function that failed, or
 * answers something malformed, is a 502 that tells nothing of why. Cookies and streams are not here.
 */
export function urlResponse(outcome: Invocation): HttpResponse {
  if (!outcome.ok) return badGateway();
  const { payload } = outcome;
  if (typeof payload !== 'object' || payload === null || !('statusCode' in payload))
    return { status: 200, headers: json, body: Buffer.from(JSON.stringify(payload ?? null)) };
  const parsed = shaped.safeParse(payload);
  if (!parsed.success) return badGateway();
  const { statusCode, headers, body, isBase64Encoded } = parsed.data;
  return {
    status: statusCode,
    headers: { ...json, ...lowerCase(headers) },
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

function badGateway(): HttpResponse {
  return { status: 502, headers: json, body: Buffer.from('Internal Server Error') };
}

type Headers = Readonly<Record<string, string | number | boolean>>;

function canBeSent(headers: Headers): boolean {
  try {
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name);
      validateHeaderValue(name, String(value));
    }
    return true;
  } catch {
    return false;
  }
}

function lowerCase(headers: Headers): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).map(
    ([name, value]) => [name.toLowerCase(), String(value)] as const,
  );
  return Object.fromEntries(entries.filter(([name]) => !framing.has(name)));
}
