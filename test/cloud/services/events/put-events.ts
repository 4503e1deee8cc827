import * as z from 'zod';
import { AwsError } from '../../service.ts';
import { isRecord } from './record.ts';

/** PutEvents takes 1 to 10 entries. */
const entriesMax = 10;
/**
 * User guide, "Calculating PutEvents event entry size": less than 256 KB. Newer notes speak of 1 MiB; the
 * smaller limit keeps what runs here running there. It is taken over all entries of a request.
 */
const bytesMax = 256 * 1024;

/** The end of the year 9999: what RFC 3339 can write. */
const secondsMax = 253_402_300_799;

const requestSchema = z.object({
  Entries: z.array(
    z.object({
      Time: z.union([z.number().min(0).max(secondsMax), z.iso.datetime({ offset: true })]).optional(),
      Source: z.string().optional(),
      Resources: z.array(z.string()).optional(),
      DetailType: z.string().optional(),
      Detail: z.string().optional(),
      EventBusName: z.string().min(1).optional(),
      TraceHeader: z.string().optional(),
    }),
  ),
  EndpointId: z.never('The local cloud has no global endpoints').optional(),
});

type Entry = Readonly<z.infer<typeof requestSchema>['Entries'][number]>;

/** An entry that EventBridge takes. */
export interface AcceptedEntry {
  readonly busName: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly resources: readonly string[];
  /** Milliseconds since the epoch, if the sender gave a time. */
  readonly time: number | undefined;
}

/** An entry that EventBridge answers with an error; the other entries of the request are not affected. */
export interface RefusedEntry {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/** The entries in their order; throws `ValidationException` for a request that is refused as a whole. */
export function readEntries(input: unknown): readonly (AcceptedEntry | RefusedEntry)[] {
  const parsed = requestSchema.safeParse(input);
  if (!parsed.success) throw validation(z.prettifyError(parsed.error));
  const { Entries } = parsed.data;
  if (Entries.length === 0) throw validation(lengthMessage('greater than or equal to 1'));
  if (Entries.length > entriesMax) throw validation(lengthMessage(`less than or equal to ${entriesMax}`));
  const size = Entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (size >= bytesMax) throw validation('Total size of the entries in the request is over the limit.');
  return Entries.map(readEntry);
}

function readEntry(entry: Entry): AcceptedEntry | RefusedEntry {
  const { Source, DetailType, Detail } = entry;
  if (!Source) return invalidArgument('Source', 'Source is a required argument.');
  if (!DetailType) return invalidArgument('DetailType', 'DetailType is a required argument.');
  if (!Detail) return invalidArgument('Detail', 'Detail is a required argument.');
  if (DetailType.length > 128) return invalidArgument('DetailType', 'It is longer than 128 characters.');
  if (Source.startsWith('aws.'))
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  const detail = parseJson(Detail);
  if (!isRecord(detail)) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return {
    busName: entry.EventBusName ?? 'default',
    source: Source,
    detailType: DetailType,
    detail,
    resources: entry.Resources ?? [],
    time: readTime(entry.Time),
  };
}

function sizeOf(entry: Entry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  const time = entry.Time === undefined ? 0 : 14;
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), time);
}

// The SDK writes a Date as seconds since the epoch.
function readTime(time: Entry['Time']): number | undefined {
  if (time === undefined) return undefined;
  return typeof time === 'number' ? time * 1000 : Date.parse(time);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invalidArgument(parameter: string, reason: string): RefusedEntry {
  return {
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${parameter} is not valid. Reason: ${reason}`,
  };
}

function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

function lengthMessage(constraint: string): string {
  return `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${constraint}`;
}
