import * as z from 'zod';
import { Secret } from '../../domain/secret.ts';

/** RFC 6749 appendix A.2: a line break that came along with a paste is no part of a secret. */
const clientSecret = z.string().regex(/^[\x20-\x7e]+$/);

/** What Secrets Manager's console makes of a key and a value; other members may stand beside it. */
const keyValue = z.object({ client_secret: clientSecret });

/**
 * Reads a client's secret: the bare value, or JSON `{"client_secret": "..."}`; what begins with a brace is JSON.
 * Gives undefined for anything else, because an error of the parser would quote the secret.
 */
export function readClientSecret(value: Secret): Secret | undefined {
  const text = value.reveal();
  const found = text.trimStart().startsWith('{')
    ? keyValue.safeParse(parseJson(text)).data?.client_secret
    : clientSecret.safeParse(text).data;
  return found === undefined ? undefined : new Secret(found);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
