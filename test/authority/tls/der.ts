/** ITU-T X.690 distinguished encoding, as much of it as a certificate needs. */

const tags = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  text: 0x0c,
  sequence: 0x30,
  set: 0x31,
};
const utcTime = 0x17;
const generalizedTime = 0x18;

export const sequence = (...parts: readonly Buffer[]): Buffer => encode(tags.sequence, ...parts);
export const set = (...parts: readonly Buffer[]): Buffer => encode(tags.set, ...parts);
export const truth = (): Buffer => encode(tags.boolean, Buffer.of(0xff));
export const text = (value: string): Buffer => encode(tags.text, Buffer.from(value));
export const octets = (value: Buffer): Buffer => encode(tags.octets, value);

/** `[number]`, constructed where it holds further encodings. */
export function tagged(
  number: number,
  value: Buffer,
  options: { readonly constructed?: boolean } = {},
): Buffer {
  return encode((options.constructed ? 0xa0 : 0x80) | number, value);
}

/** A number that is not negative, big-endian. */
export function integer(value: Buffer): Buffer {
  const start = Math.max(
    0,
    value.findIndex((byte) => byte !== 0),
  );
  const digits = value.subarray(start);
  const negative = ((digits[0] ?? 0) & 0x80) !== 0;
  return encode(tags.integer, ...(negative ? [Buffer.of(0)] : []), digits);
}

/** The last `unused` bits do not count. */
export function bits(value: Buffer, unused = 0): Buffer {
  return encode(tags.bits, Buffer.of(unused), value);
}

/** A dotted object identifier. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return encode(tags.oid, Buffer.of(first * 40 + second, ...rest.flatMap(base128)));
}

/** UTCTime through 2049 and GeneralizedTime from 2050 on (RFC 5280 section 4.1.2.5), whole seconds. */
export function time(milliseconds: number): Buffer {
  const iso = new Date(milliseconds).toISOString();
  const digits = `${iso.slice(0, 19).replaceAll(/\D/g, '')}Z`;
  return iso < '2050'
    ? encode(utcTime, Buffer.from(digits.slice(2)))
    : encode(generalizedTime, Buffer.from(digits));
}

function base128(value: number): readonly number[] {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [...base128(value >> 7).map((byte) => byte | 0x80), low];
}

function encode(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), lengthOf(value.length), value]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return Buffer.of(0x80 | digits.length, ...digits);
}
