import { createHash, type Hash } from 'node:crypto';
import * as z from 'zod';
import { invalidParameter } from './refusals.ts';

/** SQS Developer Guide, "Message metadata": a message can have up to 10 attributes. */
const attributesMax = 10;

/** One message attribute as it travels; `BinaryValue` is base64. */
export const messageAttributeSchema = z.object({
  DataType: z.string().regex(/^(String|Number|Binary)(\..+)?$/),
  StringValue: z.string().optional(),
  BinaryValue: z.base64().optional(),
});

type MessageAttribute = Readonly<z.infer<typeof messageAttributeSchema>>;
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** Message attributes of the type String. */
export function stringAttributes(values: Readonly<Record<string, string>>): MessageAttributes {
  return Object.fromEntries(
    Object.entries(values).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
}

/** Throws SQS's error when a name, a value or the number of the attributes is not one that SQS takes. */
export function checkAttributes(attributes: MessageAttributes): void {
  const names = Object.keys(attributes);
  if (names.length > attributesMax)
    throw invalidParameter(
      'MessageAttributes',
      names.length,
      `Number of message attributes exceeds the maximum of ${attributesMax}.`,
    );
  for (const [name, attribute] of Object.entries(attributes)) {
    if (!/^(?!\.)(?!.*\.\.)(?!aws\.|amazon\.)[\w.-]{1,256}(?<!\.)$/i.test(name))
      throw invalidParameter('MessageAttributes', name, 'The message attribute name is not valid.');
    if (valueOf(attribute).length === 0)
      throw invalidParameter(
        'MessageAttributes',
        name,
        'The message attribute must contain a non-empty value of its type.',
      );
  }
}

/** The bytes that count against the message size: name, type and value of each attribute. */
export function sizeOfAttributes(attributes: MessageAttributes): number {
  let size = 0;
  for (const [name, attribute] of Object.entries(attributes))
    size += Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType) + valueOf(attribute).length;
  return size;
}

/** The attributes that a `MessageAttributeNames` list asks for: a name, `prefix.*`, `.*` or `All`. */
export function selectAttributes(attributes: MessageAttributes, names: readonly string[]): MessageAttributes {
  const wanted = (name: string): boolean =>
    names.some(
      (asked) =>
        asked === 'All' ||
        asked === '.*' ||
        asked === name ||
        (asked.endsWith('.*') && name.startsWith(asked.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => wanted(name)));
}

/** SQS Developer Guide, "Calculating the MD5 message digest for message attributes"; undefined for none. */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const entries = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return undefined;
  const hash = createHash('md5');
  for (const [name, attribute] of entries) {
    addWithLength(hash, Buffer.from(name));
    addWithLength(hash, Buffer.from(attribute.DataType));
    hash.update(Buffer.of(isBinary(attribute) ? 2 : 1));
    addWithLength(hash, valueOf(attribute));
  }
  return hash.digest('hex');
}

function addWithLength(hash: Hash, bytes: Buffer): void {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  hash.update(length).update(bytes);
}

function isBinary(attribute: MessageAttribute): boolean {
  return attribute.DataType.startsWith('Binary');
}

function valueOf(attribute: MessageAttribute): Buffer {
  return isBinary(attribute)
    ? Buffer.from(attribute.BinaryValue ?? '', 'base64')
    : Buffer.from(attribute.StringValue ?? '');
}
