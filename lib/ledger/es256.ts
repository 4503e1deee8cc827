/** P-256 (RFC 7518 section 3.4): r and s take 32 bytes each. */
const partBytes = 32;
const sequenceTag = 0x30;
const integerTag = 0x02;

/**
 * The r‖s form of an ECDSA signature that JOSE wants, from the DER form that KMS gives
 * (`Ecdsa-Sig-Value`, RFC 3279 section 2.2.3). Throws on anything that is not strict DER of two P-256 numbers.
 */
export function rawFromDer(der: Uint8Array): Uint8Array {
  // shorter than 128 bytes: a P-256 signature needs no long form of the length
  if (der[0] !== sequenceTag || der[1] !== der.length - 2 || der.length > 129) throw malformed();
  const r = integerAt(der, 2);
  const s = integerAt(der, r.end);
  if (s.end !== der.length) throw malformed();
  const raw = new Uint8Array(2 * partBytes);
  raw.set(r.value, partBytes - r.value.length);
  raw.set(s.value, 2 * partBytes - s.value.length);
  return raw;
}

function integerAt(der: Uint8Array, start: number): { readonly value: Uint8Array; readonly end: number } {
  const length = der[start + 1] ?? 0;
  const end = start + 2 + length;
  const [high = 0, next = 0] = der.subarray(start + 2, end);
  const isNegative = high >= 0x80;
  const isPadded = length > 1 && high === 0 && next < 0x80;
  if (der[start] !== integerTag || length === 0 || end > der.length || isNegative || isPadded)
    throw malformed();
  const value = der.subarray(high === 0 ? start + 3 : start + 2, end);
  if (value.length > partBytes) throw malformed();
  return { value, end };
}

const malformed = (): TypeError => new TypeError('not a DER signature of two P-256 numbers');
