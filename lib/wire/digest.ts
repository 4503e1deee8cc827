import { createHash } from 'node:crypto';
import { canonicalize } from 'json-canonicalize';

/**
 * The RFC 8785 canonical form of a JSON value.
 * Throws a TypeError on a lone surrogate (RFC 8785 section 3.2.2.2), which the library would let pass.
 */
export function canonical(value: unknown): string {
  const text = canonicalize(value);
  // JSON.stringify, which the library uses for strings, leaves a lone surrogate as an escape, and nothing else as one like it
  if (/(?:^|[^\\])(?:\\\\)*\\ud[89a-f]/i.test(text))
    throw new TypeError('a string holds a lone surrogate: it has no canonical form');
  return text;
}

/** SHA-256 of a text's UTF-8 bytes, lower-case hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
